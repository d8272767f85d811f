import { useState } from 'react'
import { lineKey } from '#domain/attendance'
import { phaseOf } from '#domain/check-in-window'
import { wireName } from '#domain/commands'
import { type Gathering, isFor, keyOf } from '#domain/gathering'
import type { GatheringKey } from '#domain/gathering-key'
import type { BranchId } from '#domain/ids'
import { isExpectedOn } from '#domain/membership'
import { branchScope, memberScope } from '#domain/scopes'
import { type SignedIn, useSubmit } from '#workspace'
import type { OwnPartScreen } from './OwnPart'

/** What somebody may do about their own part in a study or a meeting of the branch. */
export function useOwnPart(
  { replica }: SignedIn,
  branchId: BranchId,
  openLeave: (key: GatheringKey) => void,
): (gathering: Gathering) => OwnPartScreen {
  const { problem, submit } = useSubmit()
  const [isTypingCode, setIsTypingCode] = useState(false)
  return (gathering) => {
    const now = replica.now()
    const week = keyOf(gathering)
    const own = memberScope(replica.personId)
    const membership = replica.get(own, 'membership', branchId)
    const leave = replica.get(own, 'leave', lineKey(week, branchId))
    const waiting = replica
      .pending()
      .find(
        (each) =>
          each.command === wireName('check-in') &&
          each.scope === branchScope(branchId) &&
          isOf(week, each.args),
      )
    const record = (regardless: boolean) =>
      void submit(replica.submit('check-in', branchScope(branchId), { week }, { regardless }))
    const closeSheet = () => setIsTypingCode(false)
    const recordWith = (code: string) => {
      closeSheet()
      void submit(replica.submit('check-in', branchScope(branchId), { week, code }))
    }
    return {
      gathering,
      phase: phaseOf(gathering, now),
      isExpected:
        membership !== undefined &&
        isExpectedOn(membership, gathering.heldOn) &&
        isFor(gathering, replica.personId),
      line: replica.get(own, 'register-line', lineKey(week, branchId)),
      leave: leave?.state === 'withdrawn' || leave?.state === 'moot' ? undefined : leave?.state,
      canAskLeave: now < gathering.startsAt,
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
}

const isOf = (week: GatheringKey, args: unknown) =>
  typeof args === 'object' && args !== null && 'week' in args && args.week === week
