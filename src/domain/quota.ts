// 三会一课等应开次数：已完成、尚未到期、缺、不适用（并说明原因）
import * as v from 'valibot'
import { addDays, type Day, dayOf } from './day'
import { type HeldMeeting, kindsOf, type MeetingKind } from './meeting'
import { belongsOn, groupsOn, kindOn, type Membership } from './membership'
import { daysOf, isWithin, type LedgerPeriod, monthsOf, periodOf } from './period'

const times = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(60))
export const spans = ['month', 'quarter', 'year'] as const

/** How often a branch holds a kind of meeting; 0 = it need not. */
export const quotaSchema = v.object({ every: v.picklist(spans), times })
export type Quota = v.InferOutput<typeof quotaSchema>

/** By the rules for the work of branches, and by local custom for Party classes and collective study. */
export const defaultQuotas: Record<MeetingKind, Quota> = {
  'general-meeting': { every: 'quarter', times: 1 },
  'committee-meeting': { every: 'month', times: 1 },
  'group-meeting': { every: 'month', times: 1 },
  'party-class': { every: 'quarter', times: 1 },
  'theme-day': { every: 'month', times: 1 },
  'collective-study': { every: 'month', times: 2 },
  'organizational-life-meeting': { every: 'year', times: 1 },
}

/** A branch has a committee from seven full members on. */
export const committeeFrom = 7

/** Why a branch need not hold it. */
export type NotApplicable = 'no-committee' | 'no-groups' | 'not-asked' | 'not-begun'

export type QuotaState =
  | { readonly is: 'met' | 'not-yet-due' | 'missing' }
  | { readonly is: 'not-applicable'; readonly why: NotApplicable }

/** A quota in one of its own periods. */
export interface QuotaCell {
  readonly kind: MeetingKind
  readonly period: LedgerPeriod
  /** How often in all: a group meeting is held by each group. */
  readonly times: number
  /** Those that count, in the order they were held. */
  readonly held: readonly HeldMeeting[]
  readonly state: QuotaState
  /** 党小组 that have not held theirs. */
  readonly lacking: readonly string[]
}

/** What the answer rests on. */
export interface QuotaBasis {
  /** Of the branch, in the years that are looked at. */
  readonly meetings: readonly HeldMeeting[]
  readonly memberships: readonly Membership[]
  readonly quotas: Partial<Record<MeetingKind, Quota>> | undefined
  /** The branch's first day with us; what lies before is nobody's omission. */
  readonly since: Day
  readonly asOf: number
}

export const quotaOf = ({ quotas }: { readonly quotas?: QuotaBasis['quotas'] }, kind: MeetingKind): Quota =>
  quotas?.[kind] ?? defaultQuotas[kind]

/** Whether a meeting counts: its register is closed, so somebody answers for its having been held. */
export const isCounted = (meeting: HeldMeeting, asOf: number): boolean =>
  meeting.state === 'closed' && meeting.startsAt <= asOf

export function quotaCell(basis: QuotaBasis, kind: MeetingKind, period: LedgerPeriod): QuotaCell {
  const { times: needed } = quotaOf(basis, kind)
  const held = basis.meetings
    .filter(
      (each) => isCounted(each, basis.asOf) && kindsOf(each).includes(kind) && isWithin(period, each.heldOn),
    )
    .sort((a, b) => a.startsAt - b.startsAt)
  // As the branch was at the period's end, or is today.
  const today = dayOf(basis.asOf)
  const { until } = daysOf(period)
  const day = today < until ? today : addDays(until, -1)
  const groups = kind === 'group-meeting' ? groupsOn(basis.memberships, day) : []
  // One that does not say of which group was everybody's.
  const lacking = groups.filter(
    (group) => held.filter((each) => each.group === undefined || each.group === group).length < needed,
  )
  const isMet = groups.length > 0 ? lacking.length === 0 : held.length >= needed
  const state: QuotaState = needed > 0 && isMet ? { is: 'met' } : stateOf(basis, kind, period, day)
  const isAsked = state.is === 'missing' || state.is === 'not-yet-due'
  return {
    kind,
    period,
    times: needed * Math.max(1, groups.length),
    held,
    state,
    lacking: isAsked ? lacking : [],
  }
}

/** Of one that is not met. */
function stateOf(basis: QuotaBasis, kind: MeetingKind, period: LedgerPeriod, day: Day): QuotaState {
  if (quotaOf(basis, kind).times === 0) return { is: 'not-applicable', why: 'not-asked' }
  const { until } = daysOf(period)
  if (until <= basis.since) return { is: 'not-applicable', why: 'not-begun' }
  if (kind === 'committee-meeting' && fullMembersOn(basis.memberships, day) < committeeFrom) {
    return { is: 'not-applicable', why: 'no-committee' }
  }
  if (kind === 'group-meeting' && groupsOn(basis.memberships, day).length === 0) {
    return { is: 'not-applicable', why: 'no-groups' }
  }
  return { is: dayOf(basis.asOf) < until ? 'not-yet-due' : 'missing' }
}

const fullMembersOn = (memberships: readonly Membership[], day: Day) =>
  memberships.filter((each) => belongsOn(each, day) && kindOn(each, day) === 'full').length

/** A kind's quota in each of its own periods that end in a longer one, in order. Each of these ends in
 *  exactly one month, so the cells of a year are those of its quarters, and those of its months. */
export function quotaCells(basis: QuotaBasis, kind: MeetingKind, period: LedgerPeriod): QuotaCell[] {
  const { every } = quotaOf(basis, kind)
  return monthsOf(period)
    .filter((month) => endsWith(periodOf(every, daysOf(month).from), month))
    .map((month) => quotaCell(basis, kind, periodOf(every, daysOf(month).from)))
}

const endsWith = (span: LedgerPeriod, month: LedgerPeriod) => daysOf(span).until === daysOf(month).until

/** 「已完成」… of several cells at once: what is missing is not hidden by what was done. */
export function sumOfCells(cells: readonly QuotaCell[]) {
  const due = cells.filter(({ state }) => state.is === 'met' || state.is === 'missing')
  return {
    met: due.filter(({ state }) => state.is === 'met').length,
    due: due.length,
    missing: cells.filter(({ state }) => state.is === 'missing').length,
  }
}
