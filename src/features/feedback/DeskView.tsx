import { dayOf, formatDay } from '#domain/day'
import { type Ticket, ticketNumber } from '#domain/feedback'
import { type Problem, problemText } from '#domain/refusal'
import { feedbackKindWords, ticketStateWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export type DeskScreen = {
  readonly state: 'ready'
  /** 已提交 and 受理中, the longest waiting first. */
  readonly open: readonly Ticket[]
  /** 已答复, the last answered first. */
  readonly answered: readonly Ticket[]
  readonly answering: Answering | undefined
  readonly onOpen: (ticket: Ticket) => void
  readonly onMore: (() => void) | undefined
}

interface Answering {
  readonly ticket: Ticket
  readonly reply: string
  readonly problem: Problem | undefined
  readonly onReply: (reply: string) => void
  readonly onTake: () => void
  readonly onSend: () => void
  readonly onCancel: () => void
}

/** 投诉建议 as the admin has them: what waits first, then what was answered. */
export function DeskView({ screen }: { screen: DeskScreen }) {
  const { open, answered, answering } = screen
  return (
    <>
      {open.length === 0 && <Empty title="没有待处理的投诉建议" />}
      {open.length > 0 && (
        <Card eyebrow="待处理">
          {open.map((ticket) => (
            <Row
              key={ticket.id}
              title={excerpt(ticket.words)}
              detail={fromWhom(ticket)}
              chip={{
                tone: ticket.state === 'sent' ? 'wait' : 'neutral',
                label: ticketStateWords[ticket.state],
              }}
              onPress={() => screen.onOpen(ticket)}
            />
          ))}
        </Card>
      )}
      {answered.length > 0 && (
        <Card eyebrow="已答复">
          {answered.map((ticket) => (
            <Row
              key={ticket.id}
              title={excerpt(ticket.words)}
              detail={`${fromWhom(ticket)}。答复：${excerpt(ticket.reply ?? '')}`}
              onPress={() => screen.onOpen(ticket)}
            />
          ))}
        </Card>
      )}
      {screen.onMore !== undefined && <Button label="再看以前的" onPress={screen.onMore} />}
      {answering !== undefined && <AnswerSheet {...answering} />}
    </>
  )
}

function AnswerSheet({ ticket, reply, problem, onReply, onTake, onSend, onCancel }: Answering) {
  return (
    <Sheet
      title={`${feedbackKindWords[ticket.kind]} ${ticketNumber(ticket.id)}`}
      onCancel={onCancel}
      actions={<Button label="答复" kind="main" disabled={reply.trim() === ''} onPress={onSend} />}
    >
      <Meta text={`${ticket.name} · ${formatDay(dayOf(ticket.sentAt))}`} />
      <Meta text={ticket.words} />
      {ticket.reply !== undefined && <Notice tone="neutral" text={`已有答复：${ticket.reply}`} />}
      {ticket.state === 'sent' && (
        <Button label="先受理" hint="告诉对方已经在处理，答复以后再写" onPress={onTake} />
      )}
      <Field
        label="答复内容"
        value={reply}
        onInput={onReply}
        multiline
        maxLength={200}
        hint={`提出的同志会看到。${noSecrets}`}
      />
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
    </Sheet>
  )
}

/** In a list; opened, it is read whole. */
const excerpt = (words: string) => {
  const letters = [...words]
  return letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : words
}

const fromWhom = ({ kind, id, name, sentAt }: Ticket) =>
  `${feedbackKindWords[kind]} ${ticketNumber(id)} · ${name} · ${formatDay(dayOf(sentAt))}`
