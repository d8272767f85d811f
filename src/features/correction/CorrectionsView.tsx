import type { Correction } from '#domain/correction'
import { dayOf, formatDay } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import { correctionStateWords, correctionSubjectWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export interface CorrectionsScreen {
  readonly asked: readonly Correction[]
  readonly answered: readonly Correction[]
  readonly problem: Problem | undefined
  /** The one being answered. */
  readonly open: Correction | undefined
  readonly reply: string
  readonly onOpen: (correction: Correction | undefined) => void
  readonly onReply: (reply: string) => void
  readonly onAnswer: (isDone: boolean) => void
}

/** 更正申请, for the secretary: set it right first where that is due, then answer. */
export function CorrectionsView(screen: CorrectionsScreen) {
  const { asked, answered, open } = screen
  if (asked.length === 0 && answered.length === 0)
    return <Empty title="没有更正申请" detail="支部同志提出后会出现在这里" />
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {asked.length > 0 && (
        <Card eyebrow="等待处理">
          {asked.map((each) => (
            <Row
              key={each.id}
              title={`${each.name} · ${correctionSubjectWords[each.subject]}`}
              detail={`${formatDay(dayOf(each.askedAt))}：${each.words}`}
              onPress={() => screen.onOpen(each)}
            />
          ))}
        </Card>
      )}
      {answered.length > 0 && (
        <Card eyebrow="已答复">
          {answered.map((each) => (
            <Row
              key={each.id}
              title={`${each.name} · ${correctionSubjectWords[each.subject]}`}
              detail={`${each.words}。答复：${each.reply ?? ''}`}
              chip={{
                tone: each.state === 'done' ? 'ok' : 'neutral',
                label: correctionStateWords[each.state],
              }}
            />
          ))}
        </Card>
      )}
      {open !== undefined && <AnswerSheet screen={screen} open={open} />}
    </>
  )
}

function AnswerSheet({ screen, open }: { screen: CorrectionsScreen; open: Correction }) {
  const hasReply = screen.reply.trim() !== ''
  return (
    <Sheet
      title={`${open.name} · ${correctionSubjectWords[open.subject]}`}
      onCancel={() => screen.onOpen(undefined)}
      actions={
        <>
          <Button label="未更正" disabled={!hasReply} onPress={() => screen.onAnswer(false)} />
          <Button label="已更正" kind="main" disabled={!hasReply} onPress={() => screen.onAnswer(true)} />
        </>
      }
    >
      <Meta text={open.words} />
      <Field
        label="答复（本人可见）"
        value={screen.reply}
        onInput={screen.onReply}
        maxLength={200}
        hint={`请先改正资料或登记，再答复「已更正」；不改的请写明原因。${noSecrets}`}
      />
    </Sheet>
  )
}
