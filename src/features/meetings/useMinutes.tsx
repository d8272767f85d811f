import { useState } from 'react'
import { formatDay, weekNumber } from '#domain/day'
import { isMeeting } from '#domain/gathering'
import type { GatheringKey } from '#domain/gathering-key'
import type { BranchId } from '#domain/ids'
import { noMinutes } from '#domain/minutes'
import { type MinutesForm, type MinutesProblems, minutesFormFrom, writtenFrom } from '#domain/minutes-form'
import { reviewAt } from '#domain/review'
import { branchScope, reviewScope } from '#domain/scopes'
import { meetingKindWords } from '#domain/words'
import { type SignedIn, useSubmit } from '#workspace'
import type { MinutesScreen } from './MinutesView'

/** Of a meeting or of a weekly study. */
export function useMinutes({ replica }: SignedIn, branchId: BranchId, key: GatheringKey): MinutesScreen {
  const kept = replica.get(reviewScope(branchId), 'minutes', key) ?? noMinutes(key)
  const [form, setForm] = useState<MinutesForm>(() => minutesFormFrom(kept))
  /** Of the minutes that the words here began with: what somebody else wrote meanwhile is not written over. */
  const [version, setVersion] = useState(kept.version)
  const [problems, setProblems] = useState<MinutesProblems>({})
  const [reason, setReason] = useState('')
  const [isSaved, setSaved] = useState(false)
  const { problem, submit } = useSubmit()
  const review = reviewAt(replica, branchId, key)
  if (review === undefined) return { state: 'none' }
  const { study: gathering } = review
  const isFiled = isMeeting(gathering) && gathering.filedAt !== undefined

  const save = async () => {
    setSaved(false)
    const made = writtenFrom(form, Number(gathering.heldOn.slice(0, 4)))
    setProblems('problems' in made ? made.problems : {})
    if ('problems' in made) return
    const args = { of: key, ...made.written, version, ...(reason.trim() === '' ? {} : { reason }) }
    const result = await submit(replica.submit('keep-minutes', branchScope(branchId), args))
    if (result?.outcome !== 'recorded') return
    setVersion(version + 1)
    setSaved(true)
  }
  return {
    state: 'ready',
    heading: `${formatDay(gathering.heldOn)} ${
      isMeeting(gathering) ? meetingKindWords[gathering.kind] : `第 ${weekNumber(gathering.week)} 周学习`
    }`,
    form,
    problems,
    absent: review.members.filter(({ standing }) => standing === 'absent'),
    reason: isFiled ? reason : undefined,
    problem,
    isSaved,
    onChange: (changed) => {
      setSaved(false)
      setForm({ ...form, ...changed })
    },
    onReason: setReason,
    onSave: () => void save(),
  }
}
