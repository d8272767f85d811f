import type { BranchRole } from '#domain/person'
import { roleWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field } from '#ui/Field'
import { Loading } from '#ui/Loading'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export interface BranchChoice {
  readonly id: string
  readonly name: string
}

export type AssignmentScreen =
  | { readonly state: 'loading' | 'none' }
  | { readonly state: 'moved'; readonly words: string }
  | { readonly state: 'failed'; readonly message: string; readonly onRetry: () => void }
  | {
      readonly state: 'ready'
      readonly name: string
      readonly branch: BranchChoice
      /** The office they hold now. */
      readonly role: BranchRole
      /** The one that is chosen. */
      readonly chosen: BranchRole
      readonly sought: string
      /** Where they could go, by what is sought. */
      readonly others: readonly BranchChoice[]
      readonly to: BranchChoice | undefined
      readonly on: string
      readonly onError: string | undefined
      /** A past day: closed registers keep their names. */
      readonly isPast: boolean
      readonly busy: boolean
      readonly problem: string | undefined
      readonly said: string | undefined
      readonly onChoose: (role: BranchRole) => void
      readonly onAppoint: () => void
      readonly onSeek: (words: string) => void
      readonly onTo: (branch: BranchChoice | undefined) => void
      readonly onDay: (day: string) => void
      readonly onTransfer: () => void
    }

const roleOptions = [
  { value: 'secretary' as const, label: roleWords.secretary },
  { value: 'committee-member' as const, label: roleWords['committee-member'] },
  { value: 'none' as const, label: '不任职' },
]

/** 任职与转接: one person's office in their branch, and the way to another branch. */
export function AssignmentView({ screen }: { screen: AssignmentScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取这位同志的情况…" />
    case 'none':
      return <Empty title="这位同志不在这个支部" detail="可能已经转接，请返回刷新后再看" />
    case 'moved':
      return <Notice tone="ok" text={screen.words} />
    case 'failed':
      return <Empty title={screen.message} action={{ label: '重试', onPress: screen.onRetry }} />
    case 'ready':
      return <Ready {...screen} />
  }
}

function Ready(screen: Extract<AssignmentScreen, { state: 'ready' }>) {
  const { to } = screen
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={screen.problem} />}
      {screen.said !== undefined && <Notice tone="ok" text={screen.said} />}
      <Card eyebrow={screen.branch.name} title={screen.name}>
        <Choice
          wrap
          label="支部职务"
          options={roleOptions}
          value={screen.chosen}
          onChange={screen.onChoose}
        />
        <Meta text="支部书记能看到本支部的登记、请假和补学；委员只看登记。任免即时生效。" />
        <Button
          label="保存职务"
          kind="main"
          busy={screen.busy}
          disabled={screen.chosen === screen.role}
          onPress={screen.onAppoint}
        />
      </Card>
      <Card eyebrow="转到别的支部">
        <Field label="查找支部" value={screen.sought} onInput={screen.onSeek} maxLength={40} />
        {screen.others.length === 0 && <Empty title="没有找到这样的支部，请换几个字再试" />}
        <LongList
          name="支部"
          items={screen.others}
          portion={10}
          each={(branch) => <Row key={branch.id} title={branch.name} onPress={() => screen.onTo(branch)} />}
        />
      </Card>
      {to !== undefined && (
        <Sheet
          title={`把${screen.name}转到${to.name}？`}
          onCancel={() => screen.onTo(undefined)}
          actions={<Button label="转接" kind="main" busy={screen.busy} onPress={screen.onTransfer} />}
        >
          <Field
            label="从哪一天起"
            value={screen.on}
            onInput={screen.onDay}
            maxLength={20}
            {...(screen.onError === undefined ? {} : { error: screen.onError })}
          />
          <Meta text="从这一天起在新支部应到；在原支部的职务同时免去，免考勤和长期请假一并带去。" />
          {screen.isPast && (
            <Notice tone="neutral" text="两个支部已经关闭的登记簿不变，应到名单以关闭时为准" />
          )}
          {screen.problem !== undefined && <Notice tone="red" text={screen.problem} />}
        </Sheet>
      )}
    </>
  )
}
