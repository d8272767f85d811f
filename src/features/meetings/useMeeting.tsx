import { useEffect, useState } from 'react'
import { isBackfill } from '#domain/attendance'
import { hasRole } from '#domain/authority'
import { missingOf, type Stage, stageOf } from '#domain/filing'
import type { BranchId } from '#domain/ids'
import { isOn, type Meeting, votes } from '#domain/meeting'
import { noMinutes, type Vote } from '#domain/minutes'
import { quorumOf } from '#domain/quorum'
import { problemText } from '#domain/refusal'
import { reviewOn } from '#domain/review'
import { branchScope, reviewScope } from '#domain/scopes'
import type { Replica } from '#sync/replica'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { KeptMeeting, MeetingScreen, VotingForm } from './MeetingView'

/** What somebody here knows of it: the minutes are its keepers'. */
export function stageHere(replica: Replica, branchId: BranchId, meeting: Meeting): Stage {
  return stageOf(meeting, missingHere(replica, branchId, meeting), replica.now())
}

function missingHere(replica: Replica, branchId: BranchId, meeting: Meeting) {
  if (!isOn(meeting) || replica.list(reviewScope(branchId), 'membership', '').length === 0) return []
  const review = reviewOn(replica, branchId, meeting)
  const minutes = replica.get(reviewScope(branchId), 'minutes', meeting.id) ?? noMinutes(meeting.id)
  return missingOf(meeting, minutes, review, quorumOf(replica, branchId, review))
}

interface Voting {
  readonly matter: string
  readonly inFavour: string
  readonly against: string
  readonly abstained: string
  /** Of the one it takes the place of, and why. */
  readonly replaces?: string
  readonly reason?: string
}

const emptyVote: Voting = { matter: '', inFavour: '', against: '0', abstained: '0' }

const votingAnew = ({ id, matter, inFavour, against, abstained }: Vote): Voting => ({
  matter,
  inFavour: String(inFavour),
  against: String(against),
  abstained: String(abstained),
  replaces: id,
  reason: '',
})

export function useMeeting(
  { replica }: SignedIn,
  branchId: BranchId,
  id: string,
  go: { openRegister: () => void; openMinutes: () => void; openPlan: () => void },
): MeetingScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [vote, setVote] = useState<Voting>()
  const [voteError, setVoteError] = useState<string>()
  const [reason, setReason] = useState<string>()
  // The quorum is live while somebody looks.
  useEffect(() => workspace.watch(), [workspace])

  const scope = branchScope(branchId)
  const meeting = replica.get(scope, 'meeting', id)
  if (meeting === undefined) return { state: 'none' }
  return {
    state: 'ready',
    meeting,
    stage: stageHere(replica, branchId, meeting),
    problem,
    kept: keptBy(meeting),
  }

  function keptBy(of: Meeting): KeptMeeting | undefined {
    const authority = replica.authority()
    const place = { kind: 'branch', branchId } as const
    if (authority === undefined || !hasRole(authority, ['secretary', 'committee-member'], place))
      return undefined
    if (!isOn(of)) return undefined
    const review = reviewOn(replica, branchId, of)
    const quorum = quorumOf(replica, branchId, review)
    const minutes = replica.get(reviewScope(branchId), 'minutes', id) ?? noMinutes(id)
    const missing = missingOf(of, minutes, review, quorum)
    const hasBegun = replica.now() >= of.startsAt
    const isOpen = of.state === 'open'
    const isUntouched = isOpen && review.tally.unrecorded === review.tally.expected
    const at = { id, version: of.version }
    return {
      minutes,
      missing,
      isLate: of.filedAt === undefined && isBackfill(of, replica.now()),
      tally: review.tally,
      quorum,
      voting: vote && votingForm(minutes.version, vote),
      cancelling:
        reason === undefined
          ? undefined
          : {
              reason,
              onReason: setReason,
              onConfirm: () => {
                setReason(undefined)
                void submit(replica.submit('cancel-meeting', scope, { ...at, reason }))
              },
              onCancel: () => setReason(undefined),
            },
      onRegister: go.openRegister,
      onMinutes: go.openMinutes,
      onVote:
        votes(of.kind) && hasBegun && of.filedAt === undefined
          ? (wrong) => setVote(wrong === undefined ? emptyVote : votingAnew(wrong))
          : undefined,
      onNotify:
        isOpen && of.notifiedAt === undefined && !hasBegun
          ? () => void submit(replica.submit('notify-meeting', scope, at))
          : undefined,
      onChange: of.filedAt === undefined ? go.openPlan : undefined,
      onCancel: isUntouched ? () => setReason('') : undefined,
      onFile:
        hasBegun && of.filedAt === undefined && hasRole(authority, ['secretary'], place)
          ? () => void submit(replica.submit('file-meeting', scope, at))
          : undefined,
    }
  }

  function votingForm(version: number, form: Voting): VotingForm {
    const close = () => {
      setVote(undefined)
      setVoteError(undefined)
    }
    const record = async () => {
      const counts = [form.inFavour, form.against, form.abstained]
      if (form.matter.trim() === '') return setVoteError('请写明表决的事项')
      if (!counts.every((each) => /^\d{1,4}$/.test(each.trim()))) return setVoteError('票数请填写数字')
      if (form.reason?.trim() === '') return setVoteError('请写明更正的原因')
      const [inFavour = 0, against = 0, abstained = 0] = counts.map(Number)
      const { matter, replaces, reason } = form
      const args = { of: id, matter, inFavour, against, abstained, replaces, reason, version }
      const result = await submit(replica.submit('record-vote', scope, args))
      if (result?.outcome === 'refused') setVoteError(problemText(result.refusal))
      else if (result !== undefined) close()
    }
    return {
      ...form,
      reason: form.reason,
      error: voteError,
      onInput: (name, value) => setVote({ ...form, [name]: value }),
      onRecord: () => void record(),
      onCancel: close,
    }
  }
}
