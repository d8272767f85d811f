import type { ReactNode } from 'react'
import { clockOf, formatDate } from '#domain/day'
import type { Missing, Stage } from '#domain/filing'
import { type Meeting, votes } from '#domain/meeting'
import type { Minutes, Vote } from '#domain/minutes'
import type { Quorum } from '#domain/quorum'
import { type Problem, problemText } from '#domain/refusal'
import type { Tally } from '#domain/tally'
import { meetingKindWords, missingWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Figures } from '#ui/Figures'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { chipOf } from './CalendarView'

/** What its keepers see and do beyond what the branch sees. */
export interface KeptMeeting {
  readonly minutes: Minutes
  readonly missing: readonly Missing[]
  /** More than three days have passed: what is filed now is 补录. */
  readonly isLate: boolean
  readonly tally: Tally
  readonly quorum: Quorum
  readonly voting: VotingForm | undefined
  readonly cancelling: CancelForm | undefined
  readonly onRegister: () => void
  readonly onMinutes: () => void
  /** One more, or one that was written down wrong. */
  readonly onVote: ((wrong?: Vote) => void) | undefined
  readonly onNotify: (() => void) | undefined
  readonly onChange: (() => void) | undefined
  readonly onCancel: (() => void) | undefined
  /** Only the secretary's, once it is held. */
  readonly onFile: (() => void) | undefined
}

export interface VotingForm {
  readonly matter: string
  readonly inFavour: string
  readonly against: string
  readonly abstained: string
  /** Of the change, where one was written down wrong. */
  readonly reason: string | undefined
  readonly error: string | undefined
  readonly onInput: (name: 'matter' | 'inFavour' | 'against' | 'abstained' | 'reason', value: string) => void
  readonly onRecord: () => void
  readonly onCancel: () => void
}

export interface CancelForm {
  readonly reason: string
  readonly onReason: (reason: string) => void
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

export type MeetingScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly meeting: Meeting
      readonly stage: Stage
      readonly problem: Problem | undefined
      readonly kept: KeptMeeting | undefined
    }

/** One meeting: what everybody may know of it, and what its keepers still have to do. */
export function MeetingView({
  screen,
  own,
  exports,
}: {
  screen: MeetingScreen
  /** One's own part in it. */
  own?: ReactNode
  exports?: ReactNode
}) {
  if (screen.state === 'none')
    return <Empty title="没有找到这次会议" detail="请返回支部日程，联网刷新后再看" />
  const { meeting, kept, problem } = screen
  return (
    <>
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      {meeting.state === 'cancelled' && <Notice tone="neutral" text={`已取消：${meeting.reason}`} />}
      {kept !== undefined && <Missings kept={kept} stage={screen.stage} />}
      <Card eyebrow={kindName(meeting)} title={meeting.topic} aside={<Chip {...chipOf(screen.stage)} />}>
        {factsOf(meeting).map((fact) => (
          <Meta key={fact} text={fact} />
        ))}
        {own}
      </Card>
      {meeting.agenda.length > 0 && (
        <Card eyebrow="议程">
          {meeting.agenda.map((item, index) => (
            <Row key={item} title={`${index + 1}. ${item}`} />
          ))}
        </Card>
      )}
      {kept !== undefined && <Kept meeting={meeting} kept={kept} />}
      {kept !== undefined && exports}
    </>
  )
}

const kindName = ({ kind, alsoCountsAs }: Meeting) =>
  [kind, ...alsoCountsAs].map((each) => meetingKindWords[each]).join(' · ')

const factsOf = (meeting: Meeting): string[] =>
  [
    `${formatDate(meeting.heldOn)} ${clockOf(meeting.startsAt)}–${clockOf(meeting.endsAt)}`,
    meeting.place && `地点：${meeting.place}`,
    meeting.host && `主持：${meeting.host}`,
    meeting.recorder && `记录：${meeting.recorder}`,
    meeting.group && `党小组：${meeting.group}`,
    meeting.attends && `参加范围：${meeting.attends.length} 人`,
    meeting.joint && `联合召开：${meeting.joint.branches.join('、')}`,
    meeting.studyHours > 0 && `学时 ${meeting.studyHours}`,
    meeting.filedAt !== undefined && meeting.isBackfilled && '补录：会后三天以后归档',
  ].filter((fact): fact is string => typeof fact === 'string' && fact !== '')

function Missings({ kept: { missing, isLate }, stage }: { kept: KeptMeeting; stage: Stage }) {
  if (stage === 'filed' && missing.length > 0) {
    const words = missing.map((each) => missingWords[each]).join('、')
    return <Notice tone="wait" text={`归档以后登记有更改，请核对：${words}`} />
  }
  if (stage !== 'incomplete' && stage !== 'held') return null
  const late = isLate ? '。已过三天，归档时注明补录' : ''
  return missing.length === 0 ? (
    <Notice tone="ok" text={`内容已齐，可以归档${late}`} />
  ) : (
    <Notice tone="wait" text={`还缺：${missing.map((each) => missingWords[each]).join('、')}${late}`} />
  )
}

function Kept({ meeting, kept }: { meeting: Meeting; kept: KeptMeeting }) {
  const { tally, minutes } = kept
  if (meeting.state === 'cancelled') return null
  return (
    <>
      <Card eyebrow="登记簿">
        <Figures
          items={[
            { label: '应到', value: tally.expected },
            { label: '到会', value: tally['on-time'] + tally.late },
            { label: '请假', value: tally.excused },
            meeting.state === 'closed'
              ? { label: '缺席', value: tally.absent }
              : { label: '未登记', value: tally.unrecorded },
          ]}
        />
        <Button label="打开登记簿" kind="quiet" onPress={kept.onRegister} />
      </Card>
      {votes(meeting.kind) && <VotesCard kept={kept} />}
      {isWritten(minutes) && <MinutesCard minutes={minutes} />}
      <Button label="写会议记录" kind="quiet" onPress={kept.onMinutes} />
      {kept.onNotify !== undefined && <Button label="通知支部" kind="main" onPress={kept.onNotify} />}
      {kept.onFile !== undefined && (
        <Button label="归档" kind="main" disabled={kept.missing.length > 0} onPress={kept.onFile} />
      )}
      {kept.onChange !== undefined && <Button label="修改安排" kind="quiet" onPress={kept.onChange} />}
      {kept.onCancel !== undefined && <Button label="取消会议" kind="quiet" onPress={kept.onCancel} />}
      {kept.voting !== undefined && <VotingSheet form={kept.voting} quorum={kept.quorum} />}
      {kept.cancelling !== undefined && <CancelSheet {...kept.cancelling} />}
    </>
  )
}

const VotesCard = ({ kept: { quorum, minutes, onVote } }: { kept: KeptMeeting }) => (
  <Card eyebrow="表决">
    <Figures
      items={[
        { label: '有表决权', value: quorum.entitled },
        { label: '其中到会', value: quorum.present },
        { label: '过半数', value: quorum.needed },
      ]}
    />
    {onVote !== undefined && (
      <Meta text={quorum.missing > 0 ? `还差 ${quorum.missing} 人可表决` : '到会已过半数，可以表决'} />
    )}
    {minutes.votes.map((vote) => (
      <Row
        key={vote.id}
        title={vote.matter}
        detail={votesLine(vote)}
        chip={{ tone: vote.isPassed ? 'ok' : 'neutral', label: vote.isPassed ? '通过' : '未通过' }}
        {...(onVote === undefined ? {} : { onPress: () => onVote(vote) })}
      />
    ))}
    {onVote !== undefined && (
      <Button label="记一次表决" kind="quiet" disabled={quorum.missing > 0} onPress={() => onVote()} />
    )}
  </Card>
)

const votesLine = ({ inFavour, against, abstained, entitled }: Vote) =>
  `赞成 ${inFavour} · 反对 ${against} · 弃权 ${abstained} · 有表决权 ${entitled}`

/** More than votes. */
const isWritten = ({ content, speeches, guests, resolutions }: Minutes) =>
  content !== '' || [speeches, guests, resolutions].some((each) => each.length > 0)

const MinutesCard = ({ minutes }: { minutes: Minutes }) => (
  <Card eyebrow="会议记录">
    {minutes.content !== '' && <Meta text={minutes.content} />}
    {minutes.speeches.map(({ name, words }) => (
      <Row key={`${name} ${words}`} title={name} {...(words === '' ? {} : { detail: words })} />
    ))}
    {minutes.guests.length > 0 && (
      <Meta
        text={`列席：${minutes.guests.map(({ name, from }) => (from === '' ? name : `${name}（${from}）`)).join('、')}`}
      />
    )}
    {minutes.resolutions.map(({ text, owner, due, isDone }) => (
      <Row
        key={text}
        title={text}
        detail={[owner, due && `${due} 前`].filter(Boolean).join(' · ')}
        chip={{ tone: isDone ? 'ok' : 'neutral', label: isDone ? '已落实' : '决议' }}
      />
    ))}
  </Card>
)

function VotingSheet({ form, quorum }: { form: VotingForm; quorum: Quorum }) {
  const counts = [
    ['inFavour', '赞成'],
    ['against', '反对'],
    ['abstained', '弃权'],
  ] as const
  return (
    <Sheet
      title={form.reason === undefined ? '记一次表决' : '更正这次表决'}
      onCancel={form.onCancel}
      actions={<Button label="记下" kind="main" onPress={form.onRecord} />}
    >
      <Meta
        text={`有表决权 ${quorum.entitled} 人，到会 ${quorum.present} 人；赞成满 ${quorum.needed} 票为通过。`}
      />
      <Field
        label="表决事项"
        value={form.matter}
        onInput={(value) => form.onInput('matter', value)}
        maxLength={120}
        hint={noSecrets}
      />
      {counts.map(([name, label]) => (
        <Field
          key={name}
          label={label}
          value={form[name]}
          inputType="number"
          onInput={(value) => form.onInput(name, value)}
          maxLength={4}
        />
      ))}
      {form.reason !== undefined && (
        <Field
          label="更正原因"
          value={form.reason}
          onInput={(value) => form.onInput('reason', value)}
          maxLength={200}
          hint={noSecrets}
        />
      )}
      {form.error !== undefined && <Notice tone="red" text={form.error} />}
    </Sheet>
  )
}

const CancelSheet = ({ reason, onReason, onConfirm, onCancel }: CancelForm) => (
  <Sheet
    title="取消这次会议？"
    cancelLabel="不取消"
    onCancel={onCancel}
    actions={<Button label="取消会议" kind="main" disabled={reason.trim() === ''} onPress={onConfirm} />}
  >
    <Field
      label="原因"
      value={reason}
      onInput={onReason}
      maxLength={200}
      hint={`支部的同志能看到。${noSecrets}`}
    />
  </Sheet>
)
