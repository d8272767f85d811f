import { formatDay } from '#domain/day'
import { isMeeting } from '#domain/gathering'
import type { Missed } from '#domain/missed'
import { type Problem, problemText } from '#domain/refusal'
import { madeUpWords, makeUpWords, standingWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { endWords } from './make-up-words'

export type MyMakeUpsScreen = {
  readonly state: 'ready'
  readonly now: number
  readonly toDo: readonly Missed[]
  /** Marked done, or accepted; the first may still wait on this phone. */
  readonly done: readonly (Missed & { readonly isWaiting: boolean })[]
  readonly open: Missed | undefined
  readonly reflection: string
  readonly problem: Problem | undefined
  readonly onOpen: (missed: Missed | undefined) => void
  readonly onReflection: (words: string) => void
  readonly onDone: () => void
}

/** 补学: what one missed, its material, and a line when it is made up. Works without signal. */
export function MyMakeUpsView({ screen }: { screen: MyMakeUpsScreen }) {
  const { toDo, done, open, now } = screen
  if (toDo.length === 0 && done.length === 0)
    return <Empty title="没有需要补学的" detail="请假或缺席的学习，关闭登记后会列在这里，可以自愿补学" />
  return (
    <>
      {open !== undefined && <OpenMakeUp screen={screen} open={open} />}
      {open === undefined && toDo.length > 0 && (
        <Card eyebrow="可以补学">
          {toDo.map((missed) => (
            <Row
              key={missed.line.week}
              title={`${formatDay(missed.study.heldOn)} · ${missed.study.topic}`}
              detail={[
                standingWords[missed.line.standing],
                missed.makeUp?.reason === undefined ? '' : `书记退回：${missed.makeUp.reason}`,
                endWords(missed, now),
              ]
                .filter((words) => words !== '')
                .join(' · ')}
              {...(missed.makeUp === undefined
                ? {}
                : { chip: { tone: 'wait' as const, label: makeUpWords[missed.makeUp.state] } })}
              onPress={() => screen.onOpen(missed)}
            />
          ))}
        </Card>
      )}
      {open === undefined && done.length > 0 && (
        <Card eyebrow="已补学">
          {done.map(({ study, line, makeUp, isWaiting }) => (
            <Row
              key={line.week}
              title={`${formatDay(study.heldOn)} · ${study.topic}`}
              detail={isWaiting ? '已记录在本机，联网后自动送达' : (makeUp?.reflection ?? '')}
              chip={
                line.madeUp === undefined
                  ? { tone: 'wait', label: makeUpWords.done }
                  : { tone: 'ok', label: madeUpWords[line.madeUp] }
              }
            />
          ))}
        </Card>
      )}
    </>
  )
}

function OpenMakeUp({
  screen,
  open,
}: {
  screen: Extract<MyMakeUpsScreen, { state: 'ready' }>
  open: Missed
}) {
  const { study, makeUp } = open
  const material = isMeeting(study) ? study.agenda.join('；') : (study.material ?? '')
  return (
    <Card eyebrow={`补学 · ${formatDay(study.heldOn)}`} title={study.topic}>
      <Meta
        text={material === '' ? '支部没有写明学习材料，可以向支部书记或领学人要' : `学习材料：${material}`}
      />
      <Meta text={endWords(open, screen.now)} />
      {makeUp?.reason !== undefined && <Notice tone="wait" text={`支部书记退回：${makeUp.reason}`} />}
      <Field
        label="一句心得"
        value={screen.reflection}
        onInput={screen.onReflection}
        multiline
        maxLength={500}
        hint={`只有您本人和支部书记能看到。${noSecrets}`}
      />
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      <Button
        label="我已补学"
        kind="main"
        disabled={screen.reflection.trim() === ''}
        onPress={screen.onDone}
      />
      <Button label="返回列表" kind="quiet" onPress={() => screen.onOpen(undefined)} />
    </Card>
  )
}
