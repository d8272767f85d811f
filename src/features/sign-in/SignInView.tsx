import type { DemoPerson } from '#protocol/sessions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Field } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

export interface SignInScreen {
  readonly code: string
  readonly problem: string | undefined
  readonly isBusy: boolean
  readonly demoPeople: readonly DemoPerson[]
  readonly onCode: (code: string) => void
  readonly onSignIn: () => void
  readonly onDemo: (person: DemoPerson) => void
}

export function SignInView(screen: SignInScreen) {
  return (
    <>
      <Card title="用邀请码登录">
        <Field
          label="邀请码"
          value={screen.code}
          onInput={screen.onCode}
          placeholder="例如 ABCD-EFGH-JKMN"
          maxLength={40}
          hint="由支部书记发给您，只能使用一次"
          error={screen.problem}
        />
        <Button
          label="登录"
          kind="main"
          busy={screen.isBusy}
          disabled={screen.code.trim() === ''}
          onPress={screen.onSignIn}
        />
      </Card>
      {screen.demoPeople.length > 0 && (
        <Card eyebrow="演示：选一位同志进入">
          <Notice tone="neutral" text="以下人员都是虚构的" />
          {screen.demoPeople.map((person) => (
            <Row
              key={person.personId}
              title={person.name}
              detail={[person.part, person.branch].filter((words) => words !== '').join(' · ')}
              onPress={() => screen.onDemo(person)}
            />
          ))}
        </Card>
      )}
      <Meta text="登录后，您的记录保存在本机，并只上传与支部登记有关的内容。" />
    </>
  )
}
