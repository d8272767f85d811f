import type { PersonId } from '#domain/ids'
import type { MinutesForm, MinutesProblems } from '#domain/minutes-form'
import { type Problem, problemText } from '#domain/refusal'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Notice } from '#ui/Notice'

export type MinutesScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      /** 「11月20日 周五 主题党日」 */
      readonly heading: string
      readonly form: MinutesForm
      readonly problems: MinutesProblems
      /** Who was absent: for each a reason. */
      readonly absent: readonly { readonly memberId: PersonId; readonly name: string }[]
      /** Filed already: a change needs a reason. */
      readonly reason: string | undefined
      readonly problem: Problem | undefined
      readonly isSaved: boolean
      readonly onChange: (changed: Partial<MinutesForm>) => void
      readonly onReason: (reason: string) => void
      readonly onSave: () => void
    }

/** 会议记录: what was said and decided, in the words of who keeps it. Nothing is written by the software. */
export function MinutesView({ screen }: { screen: MinutesScreen }) {
  if (screen.state === 'none')
    return <Empty title="没有找到这次会议" detail="会议可能已经取消，请返回刷新后再看" />
  const { form, problems, onChange, absent } = screen
  const field = (name: 'content' | 'speeches' | 'guests' | 'resolutions') => ({
    value: form[name],
    multiline: true,
    onInput: (value: string) => onChange({ [name]: value }),
    ...(problems[name] === undefined ? {} : { error: problems[name] }),
  })
  return (
    <>
      <Card eyebrow={screen.heading}>
        <Field label="会议内容" maxLength={6000} hint={noSecrets} {...field('content')} />
        <Field
          label="交流发言"
          maxLength={6000}
          hint={`一行一位，写成「姓名：要点」。${noSecrets}`}
          {...field('speeches')}
        />
        <Field
          label="决议"
          maxLength={6000}
          hint={`一行一条，写成「内容，负责人，12月15日」；落实以后在行首加 ✓。${noSecrets}`}
          {...field('resolutions')}
        />
        <Field
          label="列席"
          maxLength={3000}
          hint={`一行一位，写成「姓名 单位」；列席的没有表决权，不在应到之内。${noSecrets}`}
          {...field('guests')}
        />
      </Card>
      {absent.length > 0 && (
        <Card eyebrow={`缺席原因 · ${absent.length} 人`}>
          {absent.map(({ memberId, name }) => (
            <Field
              key={memberId}
              label={name}
              value={form.absences[memberId] ?? ''}
              maxLength={60}
              hint={noSecrets}
              onInput={(reason) => onChange({ absences: { ...form.absences, [memberId]: reason } })}
            />
          ))}
        </Card>
      )}
      {screen.reason !== undefined && (
        <Card eyebrow="已经归档">
          <Field
            label="更改原因"
            value={screen.reason}
            onInput={screen.onReason}
            maxLength={200}
            hint={`归档以后的更改会注明。${noSecrets}`}
          />
        </Card>
      )}
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {Object.keys(problems).length > 0 && <Notice tone="red" text="有填写不对的地方，请看上面的红字" />}
      {screen.isSaved && <Notice tone="ok" text="已保存" />}
      <Button label="保存" kind="main" onPress={screen.onSave} />
    </>
  )
}
