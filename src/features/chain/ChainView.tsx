import type { PersonId } from '#domain/ids'
import { type Problem, problemText } from '#domain/refusal'
import type { ReviewedMember } from '#domain/review'
import type { ChainMatch, ChainProblem } from '#domain/sign-up-chain'
import { leaveKindWords, standingTone, standingWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

export interface ReadLine {
  readonly place: number
  readonly match: ChainMatch
  /** Whom it will be recorded for. */
  readonly memberId: PersonId | undefined
  readonly isLeftOut: boolean
  readonly candidates: readonly { readonly id: PersonId; readonly name: string }[]
  /** The register says something already: that stays. */
  readonly isRecordedAlready: boolean
}

export type ChainScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'pasting'
      readonly text: string
      readonly refusal: 'too-long' | 'nothing-found' | undefined
      readonly notice: string | undefined
      readonly onText: (text: string) => void
      readonly onRead: () => void
      readonly onCopy: () => void
    }
  | {
      readonly state: 'reviewing'
      readonly lines: readonly ReadLine[]
      readonly toRecord: number
      /** Not recorded, and not in what was pasted. */
      readonly missing: readonly ReviewedMember[]
      readonly problem: Problem | undefined
      readonly onChoose: (place: number, choice: PersonId | 'nobody') => void
      readonly onRecord: () => void
      readonly onAgain: () => void
    }
  | { readonly state: 'done'; readonly count: number }

const refusalWords = {
  'too-long': '内容太长，请只粘贴本周的接龙（500 行以内）',
  'nothing-found': '没有认出姓名，请检查粘贴的是不是接龙',
} as const

/** 群接龙: what the group wrote, read against the roster; nothing is written before it was looked at. */
export function ChainView({ screen }: { screen: ChainScreen }) {
  switch (screen.state) {
    case 'none':
      return <Empty title="这一周不能用接龙登记" detail="登记已经关闭，或这一周停学" />
    case 'pasting':
      return <Pasting {...screen} />
    case 'reviewing':
      return <Reviewing {...screen} />
    case 'done':
      return <Empty title={`已登记 ${screen.count} 人`} detail="返回登记簿可以查看和更改" />
  }
}

function Pasting(screen: Extract<ChainScreen, { state: 'pasting' }>) {
  return (
    <>
      <Card eyebrow="粘贴群接龙">
        <Field
          label="接龙内容"
          value={screen.text}
          onInput={screen.onText}
          multiline
          maxLength={65_536}
          hint={`在群里长按接龙复制，粘贴到这里。确认以前不会登记。${noSecrets}`}
          {...(screen.refusal === undefined ? {} : { error: refusalWords[screen.refusal] })}
        />
        <Button label="读取" kind="main" disabled={screen.text.trim() === ''} onPress={screen.onRead} />
      </Card>
      <Card eyebrow="发起接龙">
        <Meta text="复制本周的接龙，粘贴到支部的微信群，请同志们接龙" />
        <Button label="复制本周接龙" kind="quiet" onPress={screen.onCopy} />
        {screen.notice !== undefined && <Notice tone="neutral" text={screen.notice} />}
      </Card>
    </>
  )
}

const problemWords: Record<ChainProblem, string> = {
  'unknown-name': '名单里没有这个姓名',
  ambiguous: '名单里不止一位',
  twice: '与另一行说法不一致',
  unclear: '说法不明确',
}

function Reviewing(screen: Extract<ChainScreen, { state: 'reviewing' }>) {
  const { lines, missing, problem } = screen
  const doubtful = lines.filter(({ match }) => match.problem !== undefined)
  const clear = lines.filter(({ match }) => match.problem === undefined)
  return (
    <>
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      {doubtful.length > 0 && (
        <Card eyebrow={`请您决定 ${doubtful.length} 行`}>
          <LongList
            name="待决定的"
            items={doubtful}
            each={(line) => <Doubtful key={line.place} line={line} onChoose={screen.onChoose} />}
          />
        </Card>
      )}
      <Card eyebrow={`认出 ${clear.length} 人`}>
        {clear.length === 0 && <Meta text="没有可以直接登记的" />}
        <LongList
          name="认出的"
          items={clear}
          each={(line) => (
            <Row
              key={line.place}
              title={line.candidates[0]?.name ?? line.match.entry.name}
              detail={line.isLeftOut ? '这次不登记，点一下改回' : detailOf(line)}
              chip={
                line.isRecordedAlready
                  ? { tone: 'neutral', label: '已有登记，不改' }
                  : line.isLeftOut
                    ? { tone: 'neutral', label: '不登记' }
                    : {
                        tone: standingTone[line.match.standing],
                        label: standingWords[line.match.standing],
                      }
              }
              onPress={() =>
                screen.onChoose(line.place, line.isLeftOut ? (line.match.memberId ?? 'nobody') : 'nobody')
              }
            />
          )}
        />
      </Card>
      {missing.length > 0 && (
        <Card eyebrow={`没有接龙 ${missing.length} 人`}>
          <Meta text={missing.map(({ name }) => name).join('、')} />
        </Card>
      )}
      <Button
        label={`登记 ${screen.toRecord} 人`}
        kind="main"
        disabled={screen.toRecord === 0}
        onPress={screen.onRecord}
      />
      <Button label="重新粘贴" kind="quiet" onPress={screen.onAgain} />
    </>
  )
}

function Doubtful({
  line,
  onChoose,
}: {
  line: ReadLine
  onChoose: (place: number, choice: PersonId | 'nobody') => void
}) {
  const { match, place, candidates } = line
  const chosen = line.isLeftOut ? 'nobody' : line.memberId
  return (
    <Row
      title={match.entry.text}
      detail={[
        match.problem === undefined ? '' : problemWords[match.problem],
        candidates.length === 0
          ? '登记簿里找不到相近的姓名，请到登记簿里登记'
          : `选了以后记为${standingWords[match.standing]}`,
        line.isRecordedAlready ? '这位已有登记，不改' : '',
      ]
        .filter((words) => words !== '')
        .join(' · ')}
      aside={
        candidates.length === 0 ? undefined : (
          <Choice
            label={`第 ${match.entry.line} 行`}
            wrap
            options={[
              ...candidates.map(({ id, name }) => ({ value: id as string, label: name })),
              { value: 'nobody', label: '不登记' },
            ]}
            {...(chosen === undefined ? {} : { value: chosen as string })}
            onChange={(value) => onChoose(place, candidates.find(({ id }) => id === value)?.id ?? 'nobody')}
          />
        )
      }
    />
  )
}

const detailOf = ({ match: { entry, leaveKind } }: ReadLine): string =>
  [
    entry.text,
    leaveKind === undefined ? '' : leaveKindWords[leaveKind],
    entry.agent === undefined ? '' : `${entry.agent} 代填`,
  ]
    .filter((words) => words !== '')
    .join(' · ')
