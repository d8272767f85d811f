import { formatDay } from '#domain/day'
import type { affectedWeeks, FestivalLine } from '#domain/notice-lines'
import { type Problem, problemText } from '#domain/refusal'
import { dayFrom } from '#domain/typed'
import { movedText } from '#domain/week-rule'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Field } from '#ui/Field'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export type AffectedWeek = ReturnType<typeof affectedWeeks>[number]

export type NoticeScreen =
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready'
      readonly year: number
      /** Who vouches for the year now. */
      readonly source: 'library' | 'notice' | 'assumed' | undefined
      readonly lines: readonly FestivalLine[]
      readonly problems: readonly string[]
      readonly missing: readonly string[]
      /** What the lines change, for checking; undefined while they make no notice. */
      readonly affected: readonly AffectedWeek[] | undefined
      readonly problem: Problem | undefined
      readonly isSaved: boolean
      readonly editing: EditedLine | undefined
      /** Asked once more while festivals are missing. */
      readonly confirming: { readonly onConfirm: () => void; readonly onCancel: () => void } | undefined
      readonly onAdd: () => void
      readonly onOpen: (index: number) => void
      readonly onSave: () => void
    }

export interface EditedLine {
  readonly year: number
  readonly line: FestivalLine
  readonly onLine: (change: Partial<FestivalLine>) => void
  readonly onKeep: () => void
  readonly onRemove: () => void
  readonly onCancel: () => void
}

/** The published notice of a year, entered festival by festival, and what it does to the Mondays. */
export function NoticeView({ screen }: { screen: NoticeScreen }) {
  if (screen.state === 'loading') return <Loading />
  const { year, source, lines, problems, missing, affected, problem } = screen
  return (
    <>
      {source === 'library' && (
        <Notice
          tone="neutral"
          text="这一年已有随软件更新的安排。录入以后以您录入的为准，请照通知录全当年的放假和调休"
        />
      )}
      <Card title="照公布的通知填写">
        <Meta text="点开一个节日，填写放假的第一天、最后一天和调休上班的日子。" />
        {lines.map((line, index) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing else that stays while it is typed
            key={index}
            title={line.name.trim() === '' ? '还没有名称' : line.name}
            detail={lineWords(line, year)}
            onPress={() => screen.onOpen(index)}
          />
        ))}
        <Button label="添加一个节日" onPress={screen.onAdd} />
      </Card>
      {problems.map((words) => (
        <Notice key={words} tone="red" text={words} />
      ))}
      {affected !== undefined && <AffectedCard affected={affected} />}
      {affected !== undefined && missing.length > 0 && <Notice tone="wait" text={missingWords(missing)} />}
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      {screen.isSaved && (
        <Notice tone="ok" text="已保存，联网后约十秒重新排定。已经开始的和支部自己改过日期的学习不变" />
      )}
      <Button label="保存" kind="main" disabled={affected === undefined} onPress={screen.onSave} />
      {screen.editing !== undefined && <LineSheet {...screen.editing} />}
      {screen.confirming !== undefined && (
        <Sheet
          title="还没有录全"
          onCancel={screen.confirming.onCancel}
          actions={<Button label="仍然保存" kind="main" onPress={screen.confirming.onConfirm} />}
        >
          <Meta text={missingWords(missing)} />
        </Sheet>
      )}
    </>
  )
}

/** Lets somebody check what they typed: every study that is not on its usual day. */
function AffectedCard({ affected }: { affected: readonly AffectedWeek[] }) {
  return (
    <Card eyebrow="保存后变动的学习，请核对">
      {affected.length === 0 && <Meta text="没有变动：周一都不放假" />}
      {affected.map(({ week, monday, held }) => (
        <Row
          key={week}
          title={formatDay(monday)}
          detail={movedText(held) ?? (held.state === 'not-held' ? held.reason : '要看下一年的放假安排')}
          chip={{
            tone: 'wait',
            label:
              held.state === 'held' ? formatDay(held.day) : held.state === 'not-held' ? '停学' : '日期待确认',
          }}
        />
      ))}
    </Card>
  )
}

function LineSheet({ year, line, onLine, onKeep, onRemove, onCancel }: EditedLine) {
  return (
    <Sheet
      title={`${year} 年的放假`}
      onCancel={onCancel}
      actions={<Button label="完成" kind="main" onPress={onKeep} />}
    >
      <Field label="节日" value={line.name} onInput={(name) => onLine({ name })} maxLength={20} />
      <DayField
        label="放假第一天"
        year={year}
        words={line.from}
        example="2月6日"
        onWords={(from) => onLine({ from })}
      />
      <DayField
        label="放假最后一天"
        year={year}
        words={line.until}
        example="2月12日"
        onWords={(until) => onLine({ until })}
      />
      <Field
        label="调休上班（可不填）"
        value={line.workdays}
        onInput={(workdays) => onLine({ workdays })}
        maxLength={80}
        hint="几天的用顿号分开，如 2月14日、2月28日"
      />
      <Button label="删除这个节日" kind="plain" onPress={onRemove} />
    </Sheet>
  )
}

/** Says back the weekday, as the notice prints it: a day mistyped is seen. */
function DayField({
  label,
  year,
  words,
  example,
  onWords,
}: {
  label: string
  year: number
  words: string
  example: string
  onWords: (words: string) => void
}) {
  const day = dayFrom(words, year)
  const hint = day === undefined ? `写成 ${example} 或 ${year}-02-06` : formatDay(day)
  return <Field label={label} value={words} onInput={onWords} maxLength={20} hint={hint} />
}

function lineWords(line: FestivalLine, year: number): string {
  const said = (words: string) => {
    const day = dayFrom(words, year)
    return day === undefined ? words.trim() : formatDay(day)
  }
  if (`${line.from}${line.until}${line.workdays}`.trim() === '') return '还没有填写'
  const range =
    line.from.trim() === line.until.trim() ? said(line.from) : `${said(line.from)}至${said(line.until)}`
  return line.workdays.trim() === '' ? range : `${range}，${line.workdays.trim()} 上班`
}

const missingWords = (missing: readonly string[]) =>
  `还没有填写${missing.join('、')}：这些日子会按平常的星期排定，遇放假不顺延`
