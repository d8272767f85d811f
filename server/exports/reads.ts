import { readGathering } from '#domain/gathering'
import { type GatheringKey, meetingsOf } from '#domain/gathering-key'
import type { BranchId } from '#domain/ids'
import { readLedger, readWeeks } from '#domain/ledger'
import type { LedgerPeriod } from '#domain/period'
import { readQuotas } from '#domain/quota-basis'
import type { Read } from '#domain/records'
import { branchScope, leaveScope, reviewScope } from '#domain/scopes'
import type { ExportAsked } from '#protocol/export'

export type BranchAsked = Exclude<ExportAsked, { kind: 'organization-ledger' }>

/** What a file of a branch is made of; kinds of leave only for who may read them. */
export function readsOf(asked: BranchAsked, { withLeaves }: { readonly withLeaves: boolean }): Read[] {
  const { branchId } = asked
  switch (asked.kind) {
    case 'register':
      return readWeeks(branchId, [asked.week], { withLeaves })
    case 'sign-in-sheet':
    case 'study-record':
      return readGatheringWhole(branchId, asked.week, withLeaves)
    case 'minutes':
      return readGatheringWhole(branchId, asked.meeting, withLeaves)
    case 'ledger':
    case 'handbook':
      return [
        ...readLedger(branchId, asked.period, { withLeaves }),
        ...readQuotas(branchId, asked.period),
        ...readMeetings(branchId, asked.period),
      ]
  }
}

/** A week or a meeting, with its register and its minutes. */
const readGatheringWhole = (branchId: BranchId, key: GatheringKey, withLeaves: boolean): Read[] => [
  { scope: branchScope(branchId), type: 'branch', key: 'branch' },
  { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  readGathering(branchId, key),
  { scope: reviewScope(branchId), type: 'register', key },
  { scope: reviewScope(branchId), type: 'register-line', prefix: `${key}/` },
  { scope: reviewScope(branchId), type: 'minutes', key },
  ...(withLeaves ? [{ scope: leaveScope(branchId), type: 'leave', prefix: `${key}/` } as const] : []),
]

/** The registers and minutes of the year's meetings: who was on leave is counted, and why is not said. */
const readMeetings = (branchId: BranchId, { year }: LedgerPeriod): Read[] =>
  (['register', 'register-line', 'minutes'] as const).map((type) => ({
    scope: reviewScope(branchId),
    type,
    prefix: meetingsOf(year),
  }))
