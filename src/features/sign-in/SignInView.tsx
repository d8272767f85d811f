import type { DemoPerson } from '#protocol/sessions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Field } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Switch } from '#ui/Switch'

export interface SignInScreen {
  readonly code: string
  readonly hasAgreed: boolean
  readonly problem: string | undefined
  readonly busyWith: 'wechat' | 'code' | undefined
  /** WeChat knows them, we do not yet: the invitation binds the two. */
  readonly isUnbound: boolean
  readonly demoPeople: readonly DemoPerson[]
  readonly onCode: (code: string) => void
  readonly onAgree: (hasAgreed: boolean) => void
  readonly onPrivacy: () => void
  /** Only inside WeChat, where the server knows WeChat. */
  readonly onWechat: (() => void) | undefined
  readonly onSignIn: () => void
  readonly onDemo: (person: DemoPerson) => void
}

export function SignInView(screen: SignInScreen) {
  const { onWechat, hasAgreed, busyWith, isUnbound } = screen
  const isCodeNext = onWechat === undefined || isUnbound || screen.code !== ''
  return (
    <>
      <Card title="先看这一条">
        <Meta text="您的姓名、党员身份和学习登记由所在支部保管，只用于支部的学习登记。党员身份属于敏感个人信息，需要您单独同意。不同意也可以在首页查看公开内容，并由支部在现场为您登记。" />
        <Row title="隐私保护说明" onPress={screen.onPrivacy} />
        <Switch label="我已阅读并同意" checked={hasAgreed} onChange={screen.onAgree} />
      </Card>
      {screen.problem !== undefined && <Notice tone="red" text={screen.problem} />}
      {onWechat !== undefined && !isUnbound && (
        <Card title="微信登录">
          <Button
            label="用微信登录"
            kind={isCodeNext ? 'quiet' : 'main'}
            busy={busyWith === 'wechat'}
            disabled={!hasAgreed}
            onPress={onWechat}
            hint="第一次使用，还需要填写支部书记发给您的邀请码"
          />
        </Card>
      )}
      <Card title={isUnbound ? '第一次使用：填写邀请码' : '用邀请码登录'}>
        {isUnbound && <Meta text="填写一次，就和您的微信绑定，以后不用再填。" />}
        <Field
          label="邀请码"
          value={screen.code}
          onInput={screen.onCode}
          placeholder="例如 ABCD-EFGH-JKMN"
          maxLength={40}
          hint="由支部书记发给您，只能使用一次"
        />
        <Button
          label={isUnbound ? '绑定并登录' : '登录'}
          kind={isCodeNext ? 'main' : 'quiet'}
          busy={busyWith === 'code'}
          disabled={!hasAgreed || screen.code.trim() === ''}
          onPress={screen.onSignIn}
          {...(hasAgreed ? {} : { hint: '请先在上面打开「我已阅读并同意」' })}
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
    </>
  )
}
