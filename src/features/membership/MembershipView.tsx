import type { MembershipChange } from '#domain/commands/membership'
import { formatDate } from '#domain/day'
import type { Membership } from '#domain/membership'
import { type Problem, problemText } from '#domain/refusal'
import { membershipChangeWords, membershipWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'

export type What = MembershipChange['what']

export type MembershipScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly membership: Membership
      /** What they are today. */
      readonly kind: Membership['membership']
      /** What can become of them. */
      readonly possible: readonly What[]
      readonly what: What | undefined
      readonly from: string
      readonly until: string
      readonly group: string
      /** Those the branch has. */
      readonly groups: readonly string[]
      readonly fromError: string | undefined
      readonly untilError: string | undefined
      /** Registers that are closed already keep the names they have. */
      readonly isPast: boolean
      readonly problem: Problem | undefined
      readonly isSaved: boolean
      readonly onWhat: (what: What) => void
      readonly onFrom: (day: string) => void
      readonly onUntil: (day: string) => void
      readonly onGroup: (name: string) => void
      readonly onSave: () => void
    }

/** 名册变动: one person's place in the branch, every change with its day. */
export function MembershipView({ screen }: { screen: MembershipScreen }) {
  if (screen.state === 'none') return <Empty title="名册里没有这位同志" detail="请返回成员与邀请刷新后再看" />
  const { membership, what } = screen
  return (
    <>
      <Card eyebrow={membershipWords[screen.kind]} title={membership.name}>
        {factsOf(membership).map((fact) => (
          <Meta key={fact} text={fact} />
        ))}
      </Card>
      <Card eyebrow="名册变动">
        {screen.possible.length === 0 && <Empty title="已不在本支部" detail="再转入时由机关党委管理员办理" />}
        <Choice
          wrap
          label="变动"
          options={screen.possible.map((value) => ({ value, label: membershipChangeWords[value] }))}
          {...(what === undefined ? {} : { value: what })}
          onChange={screen.onWhat}
        />
        {what !== undefined && (
          <>
            <Field
              label="从哪一天起"
              value={screen.from}
              onInput={screen.onFrom}
              maxLength={20}
              {...(screen.fromError === undefined ? {} : { error: screen.fromError })}
            />
            {what === 'group' && <GroupField {...screen} />}
            {(what === 'exempt' || what === 'long-absence') && (
              <Field
                label="到哪一天为止（可不填）"
                value={screen.until}
                onInput={screen.onUntil}
                maxLength={20}
                hint="这一天起恢复考勤"
                {...(screen.untilError === undefined ? {} : { error: screen.untilError })}
              />
            )}
            {screen.isPast && (
              <Notice
                tone="neutral"
                text="这一天以后已经关闭的登记簿不变，应到名单以关闭时为准；要更正某一次，请重新打开那一次的登记"
              />
            )}
            <Button label="保存变动" kind="main" onPress={screen.onSave} />
          </>
        )}
        {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
        {screen.isSaved && <Notice tone="ok" text="已保存，从写明的那一天起算" />}
      </Card>
      <Meta text="转入、职务由机关党委管理员办理，姓名和编号在花名册里更改。不记录变动的原因。" />
    </>
  )
}

type Ready = Extract<MembershipScreen, { state: 'ready' }>

const GroupField = ({ group, groups, onGroup }: Ready) => (
  <>
    <Field
      label="党小组名称（不填为不分组）"
      value={group}
      onInput={onGroup}
      maxLength={20}
      hint="如：第一党小组"
    />
    {groups.length > 0 && (
      <Choice
        wrap
        label="已有的党小组"
        options={groups.map((value) => ({ value, label: value }))}
        {...(groups.includes(group) ? { value: group } : {})}
        onChange={onGroup}
      />
    )}
  </>
)

function factsOf({ spells, groups = [], exempt, longAbsence, admittedOn, fullFrom }: Membership): string[] {
  const period = (what: string) => (each: { readonly from: string; readonly until?: string | undefined }) =>
    `${what}：${formatDate(each.from)}起${each.until === undefined ? '' : `，${formatDate(each.until)}止`}`
  return [
    ...spells.map(period('在本支部')),
    ...(admittedOn === undefined ? [] : [`接收为预备党员：${formatDate(admittedOn)}`]),
    ...(fullFrom === undefined ? [] : [`转正：${formatDate(fullFrom)}`]),
    ...groups.map((each) => period(`党小组 ${each.name}`)(each)),
    ...exempt.map(period('免考勤')),
    ...longAbsence.map(period('长期请假')),
  ]
}
