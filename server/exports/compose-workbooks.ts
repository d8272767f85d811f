import { formatInstant, weekNumber } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { byMonth, ledgerOf } from '#domain/ledger'
import { type LedgerPeriod, periodName } from '#domain/period'
import type { Records } from '#domain/records'
import { amendmentsOf, type Review, type ReviewedMember, reviewOf } from '#domain/review'
import { reviewScope } from '#domain/scopes'
import { sumOf } from '#domain/tally'
import { amendmentWords, madeUpWords, sourceWords, standingWords } from '#domain/words'
import { type Basis, isAway, leadOf, reasonOf, type StudyReview, tallyCells, tallyColumns } from './basis'
import type { Cell, Column, Workbook } from './document'
import { meetingCells, meetingColumns, meetingsHeld } from './meetings'

const weekName = ({ study }: StudyReview) => `第 ${weekNumber(study.week)} 周`
const closing = ({ study }: Review) =>
  study.state === 'closed' ? `${formatInstant(study.closedAt)} 关闭` : '登记中'

function marksOf({ line }: ReviewedMember): string {
  if (line === undefined) return ''
  return [
    line.madeUp && madeUpWords[line.madeUp],
    line.isLateSync && '晚同步',
    line.isBackfilled && '补录',
    line.isAmended && '关闭后更改',
  ]
    .filter(Boolean)
    .join('、')
}

const awayColumns: readonly Column[] = [
  { title: '日期', width: 12 },
  { title: '周', width: 10 },
  { title: '姓名', width: 14 },
  { title: '登记', width: 8 },
  { title: '请假类别', width: 10 },
  { title: '补学', width: 10 },
]
const awayRows = (review: StudyReview): Cell[][] =>
  review.members
    .filter(isAway)
    .map((member) => [
      { day: review.study.heldOn },
      weekName(review),
      member.name,
      standingWords[member.standing],
      reasonOf(member),
      member.line?.madeUp === undefined ? '' : madeUpWords[member.line.madeUp],
    ])

const amendmentColumns: readonly Column[] = [
  { title: '时间', width: 18 },
  { title: '周', width: 10 },
  { title: '经办人', width: 14 },
  { title: '事项', width: 14 },
  { title: '涉及的同志', width: 14 },
  { title: '原登记', width: 8 },
  { title: '现登记', width: 8 },
  { title: '原因', width: 30 },
]
function amendmentRows(records: Records, branchId: BranchId, review: StudyReview): Cell[][] {
  const nameOf = (id: Parameters<typeof memberName>[2]) => memberName(records, branchId, id)
  return amendmentsOf(records, branchId, review.study.week).map((amendment) => [
    formatInstant(amendment.at),
    weekName(review),
    amendment.by === undefined ? '自动' : nameOf(amendment.by),
    amendmentWords[amendment.what] + (amendment.isAfterClosing ? '（关闭后）' : ''),
    nameOf(amendment.memberId),
    amendment.before === undefined ? '' : standingWords[amendment.before],
    amendment.after === undefined ? '' : standingWords[amendment.after],
    amendment.reason ?? '',
  ])
}

const memberName = (
  records: Records,
  branchId: BranchId,
  id: ReviewedMember['memberId'] | undefined,
): string => (id === undefined ? '' : (records.get(reviewScope(branchId), 'membership', id)?.name ?? id))

/** 登记簿 of one week. Undefined where the week has none. */
export function registerWorkbook(records: Records, basis: Basis, week: string): Workbook | undefined {
  const review = reviewOf(records, basis.branchId, week)
  if (review === undefined) return undefined
  const { study } = review
  return {
    is: 'workbook',
    fileName: `登记簿-${basis.branchName}-${study.heldOn}.xlsx`,
    footer: basis.footer,
    sheets: [
      {
        name: '登记簿',
        columns: [
          { title: '姓名', width: 14 },
          { title: '登记', width: 8 },
          { title: '来源', width: 12 },
          { title: '签到时间', width: 18 },
          { title: '送达时间', width: 18 },
          { title: '注明', width: 20 },
        ],
        rows: review.members.map((member) => [
          member.name,
          standingWords[member.standing],
          member.line === undefined ? '' : sourceWords[member.line.source],
          member.line?.claimedAt === undefined ? '' : formatInstant(member.line.claimedAt),
          member.line === undefined ? '' : formatInstant(member.line.receivedAt),
          marksOf(member),
        ]),
      },
      {
        name: '汇总',
        columns: [...studyColumns, ...tallyColumns],
        rows: [[...studyCells(review), ...tallyCells(review.tally)]],
      },
      { name: '缺席与请假', columns: awayColumns, rows: awayRows(review) },
      { name: '更改记录', columns: amendmentColumns, rows: amendmentRows(records, basis.branchId, review) },
    ],
  }
}

const studyColumns: readonly Column[] = [
  { title: '日期', width: 18 },
  { title: '周', width: 10 },
  { title: '主题', width: 34 },
  { title: '领学人', width: 10 },
  { title: '地点', width: 16 },
  { title: '登记情况', width: 24 },
]
const studyCells = (review: StudyReview): Cell[] => [
  { day: review.study.heldOn },
  weekName(review),
  review.study.topic,
  leadOf(review.study),
  review.study.place,
  closing(review),
]

/** 台账: a row for each study, the sum of each month and of the whole. */
export function ledgerWorkbook(records: Records, basis: Basis, period: LedgerPeriod): Workbook {
  const ledger = ledgerOf(records, basis.branchId, period, basis.asOf)
  const months = byMonth(ledger)
  const sums: Cell[][] = [
    ...(months.length > 1
      ? months.map((month) => [
          `${periodName(month.period)}合计`,
          `${month.reviews.length} 次`,
          ...['', '', '', ''],
          ...tallyCells(sumOf(month.reviews.map(({ tally }) => tally))),
        ])
      : []),
    [
      `${periodName(period)}合计`,
      `${ledger.reviews.length} 次`,
      ...['', '', '', ''],
      ...tallyCells(ledger.total),
    ],
  ]
  return {
    is: 'workbook',
    fileName: `学习台账-${basis.branchName}-${periodName(period)}.xlsx`,
    footer: basis.footer,
    sheets: [
      {
        name: '学习台账',
        columns: [...studyColumns, ...tallyColumns],
        rows: [
          ...ledger.reviews.map((review) => [...studyCells(review), ...tallyCells(review.tally)]),
          ...sums,
        ],
        sums: sums.length,
      },
      { name: '缺席与请假', columns: awayColumns, rows: ledger.reviews.flatMap(awayRows) },
      {
        name: '会议活动',
        columns: meetingColumns([12, 28, 34, 7, 15, 7, 7, 7, 16]),
        rows: meetingsHeld(records, basis, period).map(meetingCells),
      },
      {
        name: '停学',
        columns: [
          { title: '周', width: 12 },
          { title: '原因', width: 40 },
        ],
        rows: ledger.notHeld.map(({ week, reason }) => [week, reason]),
      },
      {
        name: '更改记录',
        columns: amendmentColumns,
        rows: ledger.reviews.flatMap((review) => amendmentRows(records, basis.branchId, review)),
      },
    ],
  }
}
