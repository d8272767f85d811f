import { clockOf, dayOf, formatDay } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import type { Amendment } from '#domain/register'
import type { ReviewedMember } from '#domain/review'
import type { Standing } from '#domain/tally'
import {
  amendmentWords,
  heldBecauseWords,
  leaveKindWords,
  madeUpWords,
  sourceWords,
  standingTone,
  standingWords,
} from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { ReasonSheet, type ReasonSheetProps } from './ReasonSheet'
import { type Recordable, recordable } from './recordable'

/** Somebody else told the branch of it: who, and what. */
export interface ToldBy {
  readonly agent: string
  readonly words: string
}

export type LineScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly member: ReviewedMember
      readonly heldOn: string
      readonly amendments: readonly (Amendment & { readonly byName: string })[]
      readonly canDecide: boolean
      /** Undefined while nobody opened it. */
      readonly toldBy: ToldBy | undefined
      readonly problem: Problem | undefined
      readonly sheet: ReasonSheetProps | undefined
      readonly onToldBy: (change: Partial<ToldBy>) => void
      readonly onRecord: (standing: Recordable) => void
      readonly onAcceptLeave: () => void
      readonly onDeclineLeave: () => void
    }

/** One member's line: what is known of it, what to decide, and everything that was changed. */
export function LineView({ screen }: { screen: LineScreen }) {
  if (screen.state === 'none') return <Empty title="没有找到这一条" detail="请返回登记簿刷新后再看" />
  const { member, problem } = screen
  return (
    <>
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      <Card
        eyebrow={formatDay(screen.heldOn)}
        title={member.name}
        aside={<Chip tone={standingTone[member.standing]} label={standingWords[member.standing]} />}
      >
        <Evidence member={member} />
      </Card>
      {member.leave?.state === 'asked' && screen.canDecide && (
        <Card eyebrow="请假待批" title={leaveKindWords[member.leave.kind]}>
          {member.leave.note !== '' && <Meta text={member.leave.note} />}
          <Meta text={`${formatDay(dayOf(member.leave.askedAt))} ${clockOf(member.leave.askedAt)} 提出`} />
          <Button label="准假" kind="main" onPress={screen.onAcceptLeave} />
          <Button label="不准" kind="quiet" onPress={screen.onDeclineLeave} />
        </Card>
      )}
      {(member.standing !== 'held' || screen.canDecide) && (
        <Card eyebrow={member.standing === 'held' ? '请决定' : '登记为'}>
          <Choice
            label={member.name}
            options={recordable}
            value={recordable.find(({ value }) => value === member.standing)?.value}
            onChange={screen.onRecord}
          />
          <Telling {...screen} />
        </Card>
      )}
      {screen.amendments.length > 0 && (
        <Card eyebrow="更改记录">
          {screen.amendments.map((each) => (
            <Row
              key={`${each.at} ${each.what} ${each.after ?? ''}`}
              title={changeWords(each)}
              detail={[
                `${formatDay(dayOf(each.at))} ${clockOf(each.at)}`,
                each.byName,
                each.isAfterClosing ? '关闭后更改' : '',
                each.reason ?? '',
              ]
                .filter((words) => words !== '')
                .join(' · ')}
            />
          ))}
        </Card>
      )}
      {screen.sheet !== undefined && <ReasonSheet {...screen.sheet} />}
    </>
  )
}

/** 代为登记 with the name of whoever told of it; filled in before the choice. */
function Telling({ toldBy, onToldBy }: Extract<LineScreen, { state: 'ready' }>) {
  if (toldBy === undefined)
    return <Button label="由别的同志代为说明" kind="plain" onPress={() => onToldBy({})} />
  return (
    <>
      <Field
        label="代为说明的同志（可不填）"
        value={toldBy.agent}
        onInput={(agent) => onToldBy({ agent })}
        maxLength={20}
      />
      <Field
        label="说明（可不填）"
        value={toldBy.words}
        onInput={(words) => onToldBy({ words })}
        maxLength={150}
        hint={`填好后再选上面的登记，写进更改记录。${noSecrets}`}
      />
    </>
  )
}

/** What the server knows and what the phone says, in plain words. */
function Evidence({ member: { line } }: { member: ReviewedMember }) {
  if (line === undefined || line.standing === 'unrecorded') return <Meta text="还没有登记" />
  const facts: string[] = []
  if (line.heldBecause !== undefined) facts.push(heldBecauseWords[line.heldBecause])
  if (line.claimedAt !== undefined) {
    facts.push(`手机记录 ${when(line.claimedAt)} 签到`)
    facts.push(`${when(line.receivedAt)} 送达`)
    if (line.codeShownAt !== undefined) facts.push(`输入的现场码 ${when(line.codeShownAt)} 出示过`)
    if (line.isLateSync) {
      facts.push(
        line.earliest === undefined || line.earliest === 0
          ? '此前这部手机没有联过网'
          : `此前最后一次联网 ${when(line.earliest)}`,
      )
    }
  } else {
    facts.push(`${when(line.receivedAt)} 由支部登记`)
  }
  if (line.madeUp !== undefined) facts.push(`${madeUpWords[line.madeUp]}，登记的状态不变`)
  facts.push(`来源：${sourceWords[line.source]}${line.isBackfilled ? '，补录' : ''}`)
  return (
    <>
      {facts.map((fact) => (
        <Meta key={fact} text={fact} />
      ))}
    </>
  )
}

const when = (instant: number) => `${formatDay(dayOf(instant))} ${clockOf(instant)}`
const word = (standing: Standing | undefined) => (standing === undefined ? '' : standingWords[standing])
const changeWords = ({ what, before, after }: Amendment) =>
  before === undefined && after === undefined
    ? amendmentWords[what]
    : `${amendmentWords[what]}：${word(before)} → ${word(after)}`
