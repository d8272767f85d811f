import type { BranchId } from '#domain/ids'
import type { Records } from '#domain/records'
import type { Review, ReviewedMember } from '#domain/review'
import { branchScope } from '#domain/scopes'
import { ratesOf, rateText, type Tally } from '#domain/tally'
import type { HeldStudy } from '#domain/weekly-study'
import { leaveKindWords } from '#domain/words'
import type { Cell, Column } from './document'

/** What every file of a branch says of itself. */
export interface Basis {
  readonly branchId: BranchId
  readonly branchName: string
  /** When the records were read (ms UTC). */
  readonly asOf: number
  /** At the foot of each page or sheet: as of when, and the end of the audit chain it stands on. */
  readonly footer: readonly string[]
}

export const tallyColumns: readonly Column[] = [
  { title: '应到', width: 7 },
  { title: '到会', width: 7 },
  { title: '迟到', width: 7 },
  { title: '请假', width: 7 },
  { title: '缺席', width: 7 },
  { title: '未登记', width: 8 },
  { title: '待定', width: 7 },
  { title: '按期补学', width: 9 },
  { title: '到会率', width: 15 },
  { title: '参学率', width: 15 },
  { title: '无故缺席', width: 15 },
]

/** The standings add up to 应到; each rate has its numerator and denominator. */
export function tallyCells(tally: Tally): Cell[] {
  const rates = ratesOf(tally)
  return [
    tally.expected,
    tally['on-time'],
    tally.late,
    tally.excused,
    tally.absent,
    tally.unrecorded,
    tally.held,
    tally.madeUp,
    rateText(rates.attendanceRate),
    rateText(rates.participationRate),
    rateText(rates.unexplainedAbsenceRate),
  ]
}

export type StudyReview = Review<HeldStudy>

export const leadOf = (study: HeldStudy) => study.studyLead?.name ?? ''

/** Why somebody was not there, as far as whoever asked may know it. */
export function reasonOf({ standing, leave }: ReviewedMember): string {
  if (standing !== 'excused') return ''
  return leave === undefined ? '' : leaveKindWords[leave.kind]
}

export const isAway = ({ standing }: ReviewedMember) => standing === 'absent' || standing === 'excused'

/** Whoever came late came. */
export const isThere = ({ standing }: ReviewedMember) => standing === 'on-time' || standing === 'late'

/** How a branch is called, in files. */
export const branchNameOf = (records: Records, branchId: BranchId): string =>
  records.get(branchScope(branchId), 'branch', 'branch')?.name ?? branchId
