import { dayOf, formatDay } from '#domain/day'
import type { MakeUp } from '#domain/make-up'
import type { Missed } from '#domain/missed'
import { type Problem, problemText } from '#domain/refusal'
import { madeUpWords, makeUpWords, standingWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { endWords } from './make-up-words'

/** Of somebody of the branch. */
export type MissedBy = Missed & { readonly name: string }
type Done = MissedBy & { readonly makeUp: MakeUp }

export interface MakeUpsScreen {
  readonly now: number
  readonly waiting: readonly Done[]
  /** Not done yet, or returned: to be seen by these two alone. */
  readonly open: readonly MissedBy[]
  readonly accepted: readonly Done[]
  readonly problem: Problem | undefined
  /** The one being decided. */
  readonly chosen: Done | undefined
  readonly reason: string
  readonly onChoose: (done: Done | undefined) => void
  readonly onReason: (reason: string) => void
  readonly onDecide: (isAccepted: boolean) => void
}

/** 补学, for the secretary: what was done waits for a word; what is open is for help, not for blame. */
export function MakeUpsView(screen: MakeUpsScreen) {
  const { waiting, open, accepted, chosen } = screen
  if (waiting.length + open.length + accepted.length === 0)
    return <Empty title="没有补学" detail="请假或缺席的同志可以补学，补好以后在这里认可" />
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {waiting.length > 0 && (
        <Card eyebrow="等待认可">
          {waiting.map((each) => (
            <Row
              key={keyOf(each)}
              title={`${each.name} · ${formatDay(each.study.heldOn)}`}
              detail={each.makeUp.reflection}
              onPress={() => screen.onChoose(each)}
            />
          ))}
        </Card>
      )}
      {open.length > 0 && (
        <Card eyebrow="还没有补学">
          <Meta text="补学由本人自愿，这里只供您需要时关心、提醒，只有您和本人能看到" />
          <LongList
            name="没有补学的"
            items={open}
            each={(each) => (
              <Row
                key={keyOf(each)}
                title={`${each.name} · ${formatDay(each.study.heldOn)}`}
                detail={`${standingWords[each.line.standing]} · ${endWords(each, screen.now)}`}
                {...(each.makeUp === undefined
                  ? {}
                  : { chip: { tone: 'wait' as const, label: makeUpWords[each.makeUp.state] } })}
              />
            )}
          />
        </Card>
      )}
      {accepted.length > 0 && (
        <Card eyebrow="已认可">
          <LongList
            name="已认可的"
            items={accepted}
            each={(each) => (
              <Row
                key={keyOf(each)}
                title={`${each.name} · ${formatDay(each.study.heldOn)}`}
                detail={each.makeUp.reflection}
                chip={{ tone: 'ok', label: madeUpWords[each.line.madeUp ?? 'late'] }}
                onPress={() => screen.onChoose(each)}
              />
            )}
          />
        </Card>
      )}
      {chosen !== undefined && <DecisionSheet screen={screen} chosen={chosen} />}
    </>
  )
}

const keyOf = ({ line }: MissedBy) => `${line.week} ${line.memberId}`

function DecisionSheet({ screen, chosen }: { screen: MakeUpsScreen; chosen: Done }) {
  const { makeUp, study } = chosen
  return (
    <Sheet
      title={`${chosen.name} · ${formatDay(study.heldOn)}`}
      onCancel={() => screen.onChoose(undefined)}
      actions={
        <>
          <Button
            label="退回"
            disabled={screen.reason.trim() === ''}
            onPress={() => screen.onDecide(false)}
          />
          {makeUp.state === 'done' && (
            <Button label="认可" kind="main" onPress={() => screen.onDecide(true)} />
          )}
        </>
      }
    >
      <Meta text={study.topic} />
      <Meta text={`心得：${makeUp.reflection}`} />
      <Meta
        text={`${formatDay(dayOf(makeUp.firstDoneAt))} 补学，${makeUp.firstDoneAt < chosen.endsAt ? '按期，认可后计入参学率' : '已过期限，认可后计学时，不计入参学率'}`}
      />
      <Field
        label="退回的原因（本人可见）"
        value={screen.reason}
        onInput={screen.onReason}
        maxLength={200}
        hint={`认可不用填写。${noSecrets}`}
      />
    </Sheet>
  )
}
