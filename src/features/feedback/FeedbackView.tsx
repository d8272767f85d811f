import { dayOf, formatDay } from '#domain/day'
import { type FeedbackKind, type Ticket, ticketNumber } from '#domain/feedback'
import { type Problem, problemText } from '#domain/refusal'
import { feedbackKindWords, ticketStateWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Recorded } from '#ui/Recorded'

export interface FeedbackScreen {
  readonly kind: FeedbackKind | undefined
  readonly words: string
  readonly problem: Problem | undefined
  readonly isSent: boolean
  /** One's own, newest first. */
  readonly tickets: readonly OwnTicket[]
  readonly onKind: (kind: FeedbackKind) => void
  readonly onWords: (words: string) => void
  readonly onSend: () => void
}

export interface OwnTicket extends Ticket {
  /** Recorded here only: the number comes with the server's answer. */
  readonly isWaiting: boolean
}

const kinds = (Object.keys(feedbackKindWords) as FeedbackKind[]).map((value) => ({
  value,
  label: feedbackKindWords[value],
})) // a record's own keys

/** 投诉建议: to the admin, past the branch; and what became of one's own. */
export function FeedbackView(screen: FeedbackScreen) {
  const { kind, words, problem, tickets } = screen
  return (
    <>
      <Card title="写给机关党委管理员">
        <Meta text="由机关党委管理员阅读和答复，不经过支部，支部的同志看不到。" />
        <Choice label="类别" options={kinds} value={kind} onChange={screen.onKind} />
        <Field
          label="内容"
          value={words}
          onInput={screen.onWords}
          multiline
          maxLength={500}
          hint={`${noSecrets}和他人隐私`}
        />
        {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
        {screen.isSent &&
          (tickets.some(({ isWaiting }) => isWaiting) ? (
            <Recorded tone="wait" title="已记录在本机" detail="联网后自动送达" />
          ) : (
            <Recorded title="已提交" detail="答复会显示在下面" />
          ))}
        <Button
          label="提交"
          kind="main"
          disabled={kind === undefined || words.trim() === ''}
          onPress={screen.onSend}
        />
      </Card>
      {tickets.map((ticket) => (
        <OwnTicketCard key={ticket.id} ticket={ticket} />
      ))}
    </>
  )
}

function OwnTicketCard({ ticket }: { ticket: OwnTicket }) {
  const { isWaiting, kind, id, sentAt, state, words, reply, answeredAt } = ticket
  const name = isWaiting ? feedbackKindWords[kind] : `${feedbackKindWords[kind]} ${ticketNumber(id)}`
  return (
    <Card
      eyebrow={`${name} · ${formatDay(dayOf(sentAt))}`}
      aside={isWaiting ? '等待送达' : ticketStateWords[state]}
    >
      <Meta text={words} />
      {isWaiting && <Notice tone="wait" text="联网后自动送达，随后会有编号" />}
      {reply !== undefined && (
        <Notice
          tone="ok"
          text={`${answeredAt === undefined ? '' : `${formatDay(dayOf(answeredAt))} `}答复：${reply}`}
        />
      )}
    </Card>
  )
}
