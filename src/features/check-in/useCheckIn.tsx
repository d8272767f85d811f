import { useState } from 'react'
import { lineKey } from '#domain/attendance'
import { wireName } from '#domain/commands'
import { dayOf, weekOf } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { isExpectedOn } from '#domain/membership'
import { branchScope, memberScope } from '#domain/scopes'
import { isHeld, phaseOf } from '#domain/weekly-study'
import { type SignedIn, useSubmit } from '#workspace'
import type { CheckInScreen } from './CheckInCard'

/** What this week's card shows of one branch. */
export function useCheckIn(
  signedIn: SignedIn,
  branchId: BranchId,
  openLeave: (week: string) => void,
): CheckInScreen {
  const { problem, submit } = useSubmit()
  const [isTypingCode, setIsTypingCode] = useState(false)
  const { replica } = signedIn
  const now = replica.now()
  const week = weekOf(dayOf(now))
  const study = replica.get(branchScope(branchId), 'weekly-study', week)
  if (study === undefined) return { state: replica.isFilled ? 'no-study' : 'loading' }
  if (!isHeld(study)) return { state: 'not-held', study }

  const own = memberScope(replica.personId)
  const membership = replica.get(own, 'membership', branchId)
  const leave = replica.get(own, 'leave', lineKey(week, branchId))
  const waiting = replica
    .pending()
    .find(
      (each) =>
        each.command === wireName('check-in') &&
        each.scope === branchScope(branchId) &&
        isFor(week, each.args),
    )

  const record = (regardless: boolean) =>
    void submit(replica.submit('check-in', branchScope(branchId), { week }, { regardless }))
  const closeSheet = () => setIsTypingCode(false)
  const recordWith = (code: string) => {
    closeSheet()
    void submit(replica.submit('check-in', branchScope(branchId), { week, code }))
  }
  return {
    state: 'held',
    study,
    phase: phaseOf(study, now),
    isExpected: membership !== undefined && isExpectedOn(membership, study.heldOn),
    line: replica.get(own, 'register-line', lineKey(week, branchId)),
    leave: leave?.state === 'withdrawn' || leave?.state === 'moot' ? undefined : leave?.state,
    canAskLeave: now < study.startsAt,
    isWaiting: waiting !== undefined,
    waitingSince: waiting?.claimedAt,
    problem,
    sheet: isTypingCode ? { onConfirm: recordWith, onCancel: closeSheet } : undefined,
    onCheckIn: () => record(false),
    onTypeCode: () => setIsTypingCode(true),
    onCheckInAnyway: () => record(true),
    onAskLeave: () => openLeave(week),
  }
}

const isFor = (week: string, args: unknown) =>
  typeof args === 'object' && args !== null && 'week' in args && args.week === week
