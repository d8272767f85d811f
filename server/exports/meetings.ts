import { type Missing, missingOf, type Stage, stageOf } from '#domain/filing'
import { type Gathering, keyOf } from '#domain/gathering'
import type { BranchId } from '#domain/ids'
import { type HeldMeeting, isOn, kindsOf, meetingKinds } from '#domain/meeting'
import { type Minutes, noMinutes } from '#domain/minutes'
import { isWithin, type LedgerPeriod, periodName } from '#domain/period'
import { quorumOf } from '#domain/quorum'
import { isCounted, type QuotaCell, type QuotaState, quotaCells, quotaOf } from '#domain/quota'
import { quotaBasisOf } from '#domain/quota-basis'
import type { Records } from '#domain/records'
import { type Review, reviewOn } from '#domain/review'
import { branchScope, reviewScope } from '#domain/scopes'
import { meetingKindWords, notApplicableWords, quotaWords, quotaWordsOf, stageWords } from '#domain/words'
import type { Basis } from './basis'
import type { Cell, Column } from './document'

/** A meeting as its keepers see it. */
export interface MeetingEntry {
  readonly review: Review<HeldMeeting>
  readonly minutes: Minutes
  readonly missing: readonly Missing[]
  readonly stage: Stage
}

export const minutesOf = (records: Records, branchId: BranchId, gathering: Gathering): Minutes =>
  records.get(reviewScope(branchId), 'minutes', keyOf(gathering)) ?? noMinutes(keyOf(gathering))

/** Undefined for one that is not there or was cancelled. */
export function meetingEntry(
  records: Records,
  { branchId, asOf }: Basis,
  id: string,
): MeetingEntry | undefined {
  const meeting = records.get(branchScope(branchId), 'meeting', id)
  if (meeting === undefined || !isOn(meeting)) return undefined
  const review = reviewOn(records, branchId, meeting)
  const minutes = minutesOf(records, branchId, meeting)
  const missing = missingOf(meeting, minutes, review, quorumOf(records, branchId, review))
  return { review, minutes, missing, stage: stageOf(meeting, missing, asOf) }
}

/** Those of a period whose register is closed, in the order they were held. */
export const meetingsHeld = (records: Records, basis: Basis, period: LedgerPeriod): MeetingEntry[] =>
  quotaBasisOf(records, basis.branchId, period, basis.asOf)
    .meetings.filter((each) => isCounted(each, basis.asOf) && isWithin(period, each.heldOn))
    .sort((a, b) => a.startsAt - b.startsAt)
    .flatMap(({ id }) => meetingEntry(records, basis, id) ?? [])

/** 「主题党日（同时计为党课）」 */
export function kindName(meeting: HeldMeeting): string {
  const [kind = meeting.kind, ...others] = kindsOf(meeting)
  const also = others.map((each) => meetingKindWords[each]).join('、')
  return meetingKindWords[kind] + (also === '' ? '' : `（同时计为${also}）`)
}

/** 「已归档（补录）」 */
export const stageName = ({ stage, review }: MeetingEntry): string =>
  stageWords[stage] + (review.study.isBackfilled ? '（补录）' : '')

/** The same in the workbook and on paper, where they are not as wide. */
export const meetingColumns = (widths: readonly number[]): Column[] =>
  ['日期', '类别', '议题', '应到', '到会（含迟到）', '请假', '缺席', '待定', '归档情况'].map(
    (title, index) => ({ title, width: widths[index] ?? 1 }),
  )

/** Those who came and those who did not add up to 应到. */
export const meetingCells = (entry: MeetingEntry): Cell[] => {
  const { study, tally } = entry.review
  return [
    { day: study.heldOn },
    kindName(study),
    study.topic,
    tally.expected,
    tally['on-time'] + tally.late,
    tally.excused,
    tally.absent,
    tally.held,
    stageName(entry),
  ]
}

const states: readonly QuotaState['is'][] = ['met', 'missing', 'not-yet-due', 'not-applicable']

export const quotaColumns: readonly Column[] = [
  { title: '类别', width: 28 },
  { title: '应开', width: 25 },
  { title: quotaWords.met, width: 15 },
  { title: quotaWords.missing, width: 40 },
  { title: quotaWords['not-yet-due'], width: 15 },
  { title: quotaWords['not-applicable'], width: 37 },
]

/** 应开次数: how many of a kind's own periods stand where, and what is behind what is not done. */
export function quotaRows(records: Records, { branchId, asOf }: Basis, period: LedgerPeriod): Cell[][] {
  const basis = quotaBasisOf(records, branchId, period, asOf)
  return meetingKinds.map((kind) => {
    const cells = quotaCells(basis, kind, period)
    return [
      meetingKindWords[kind],
      quotaWordsOf(quotaOf(basis, kind)),
      ...states.map((state) => countOf(cells.filter((cell) => cell.state.is === state))),
    ]
  })
}

function countOf(cells: readonly QuotaCell[]): string {
  if (cells.length === 0) return ''
  const details = [...new Set(cells.map(detailOf))].filter((detail) => detail !== '').join('、')
  return `${cells.length} 期${details === '' ? '' : `：${details}`}`
}

function detailOf({ state, period, held, times, lacking }: QuotaCell): string {
  if (state.is === 'not-applicable') return notApplicableWords[state.why]
  return state.is === 'missing'
    ? `${shortName(period)}（${[`${held.length}/${times}`, ...lacking].join('，')}）`
    : ''
}

/** The year is at the head of the paper. */
const shortName = (period: LedgerPeriod) => periodName(period).replace(/^\d+年(?=.)/, '')
