import { clockOf, formatDay, formatInstant, weekNumber } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { byMonth, type Ledger, ledgerOf } from '#domain/ledger'
import { type LedgerPeriod, periodName } from '#domain/period'
import type { Records } from '#domain/records'
import { amendmentsOf, type Review, type ReviewedMember, reviewOf } from '#domain/review'
import { branchScope, reviewScope } from '#domain/scopes'
import { ratesOf, rateText, sumOf, type Tally } from '#domain/tally'
import type { HeldStudy } from '#domain/weekly-study'
import { amendmentWords, leaveKindWords, madeUpWords, sourceWords, standingWords } from '#domain/words'
import type { Cell, Column, Paper, Part, Workbook } from './document'

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
  { title: '到会率', width: 9 },
  { title: '参学率', width: 9 },
  { title: '无故缺席', width: 9 },
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

type StudyReview = Review<HeldStudy>

const weekName = ({ study }: StudyReview) => `第 ${weekNumber(study.week)} 周`
const leadOf = ({ study }: StudyReview) => study.studyLead?.name ?? ''
const closing = ({ study }: Review) =>
  study.state === 'closed' ? `${formatInstant(study.closedAt)} 关闭` : '登记中'

/** Why somebody was not there, as far as whoever asked may know it. */
function reasonOf({ standing, leave }: ReviewedMember): string {
  if (standing !== 'excused') return ''
  return leave === undefined ? '' : leaveKindWords[leave.kind]
}

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

const isAway = ({ standing }: ReviewedMember) => standing === 'absent' || standing === 'excused'

const awayColumns: readonly Column[] = [
  { title: '日期', width: 12 },
  { title: '周', width: 10 },
  { title: '姓名', width: 12 },
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
  { title: '经办人', width: 12 },
  { title: '事项', width: 14 },
  { title: '涉及的同志', width: 12 },
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
          { title: '姓名', width: 12 },
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
  leadOf(review),
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

/** 签到表: everybody expected, and room for their own hand. */
export function signInSheet(records: Records, basis: Basis, week: string): Paper | undefined {
  const review = reviewOf(records, basis.branchId, week)
  if (review === undefined) return undefined
  const { members } = review
  const half = Math.ceil(members.length / 2)
  const rows = Array.from({ length: half }, (_, index) => {
    const [left, right] = [members[index], members[index + half]]
    return [
      index + 1,
      left?.name ?? '',
      '',
      right === undefined ? '' : index + half + 1,
      right?.name ?? '',
      '',
    ]
  })
  return {
    is: 'paper',
    fileName: `签到表-${basis.branchName}-${review.study.heldOn}.docx`,
    title: '周汇朝学签到表',
    under: basis.branchName,
    footer: basis.footer,
    parts: [
      { is: 'facts', rows: factsOf(review) },
      {
        is: 'table',
        columns: [
          { title: '序号', width: 2 },
          { title: '姓名', width: 4 },
          { title: '签名', width: 5 },
          { title: '序号', width: 2 },
          { title: '姓名', width: 4 },
          { title: '签名', width: 5 },
        ],
        rows,
      },
      { is: 'facts', rows: [['列席', '']] },
      { is: 'text', text: `应到 ${members.length} 人。签名自愿，由支部登记的情况以登记簿为准。` },
    ],
  }
}

const factsOf = (review: StudyReview): string[][] => [
  [
    '时间',
    `${formatDay(review.study.heldOn)} ${clockOf(review.study.startsAt)}–${clockOf(review.study.endsAt)}`,
    '地点',
    review.study.place,
  ],
  ['主题', review.study.topic, '领学人', leadOf(review)],
]

/** 学习记录: what is recorded, filled in. What was said is left to be written by hand: no minutes are
 *  made up. */
export function studyRecord(records: Records, basis: Basis, week: string): Paper | undefined {
  const review = reviewOf(records, basis.branchId, week)
  if (review === undefined) return undefined
  return {
    is: 'paper',
    fileName: `学习记录-${basis.branchName}-${review.study.heldOn}.docx`,
    title: '周汇朝学学习记录',
    under: basis.branchName,
    footer: basis.footer,
    parts: [
      { is: 'facts', rows: [...factsOf(review), ['材料', review.study.material ?? '']] },
      ...attendanceParts(review),
      { is: 'box', title: '学习内容', lines: 6 },
      { is: 'box', title: '交流发言', lines: 6 },
      { is: 'facts', rows: [['主持人', '', '记录人', '']] },
    ],
  }
}

function attendanceParts(review: StudyReview): Part[] {
  const { tally, members } = review
  const rates = ratesOf(tally)
  const away = members.filter(isAway)
  const names = (each: readonly ReviewedMember[]) => each.map(({ name }) => name).join('、')
  const present = members.filter(({ standing }) => standing === 'on-time' || standing === 'late')
  return [
    {
      is: 'facts',
      rows: [
        ['应到', `${tally.expected} 人`, '到会（含迟到）', `${tally['on-time'] + tally.late} 人`],
        ['到会率', rateText(rates.attendanceRate), '参学率', rateText(rates.participationRate)],
        ['到会人员', names(present)],
        [
          '缺席和请假',
          away
            .map((member) => {
              const why = reasonOf(member)
              return `${member.name}（${standingWords[member.standing]}${why === '' ? '' : `：${why}`}）`
            })
            .join('、'),
        ],
      ],
    },
  ]
}

/** 支部学习手册: the whole period in one paper, a section for each study. */
export function handbook(records: Records, basis: Basis, period: LedgerPeriod): Paper {
  const ledger = ledgerOf(records, basis.branchId, period, basis.asOf)
  return {
    is: 'paper',
    fileName: `支部学习手册-${basis.branchName}-${periodName(period)}.docx`,
    title: '支部学习手册',
    under: `${basis.branchName}　${periodName(period)}`,
    footer: basis.footer,
    parts: [
      { is: 'heading', text: '一、学习情况汇总' },
      summaryTable(ledger),
      { is: 'heading', text: '二、各次学习' },
      ...ledger.reviews.flatMap((review): Part[] => [
        { is: 'text', text: `${formatDay(review.study.heldOn)}　${review.study.topic}` },
        { is: 'facts', rows: factsOf(review) },
        ...attendanceParts(review),
      ]),
      ...(ledger.notHeld.length === 0
        ? []
        : ([
            { is: 'heading', text: '三、停学' },
            {
              is: 'table',
              columns: [
                { title: '周', width: 3 },
                { title: '原因', width: 9 },
              ],
              rows: ledger.notHeld.map(({ week, reason }) => [week, reason]),
            },
          ] satisfies Part[])),
    ],
  }
}

const summaryTable = (ledger: Ledger): Part => ({
  is: 'table',
  columns: [
    { title: '月份', width: 4 },
    { title: '次数', width: 2 },
    { title: '应到', width: 2 },
    { title: '到会', width: 2 },
    { title: '迟到', width: 2 },
    { title: '请假', width: 2 },
    { title: '缺席', width: 2 },
    { title: '到会率', width: 3 },
    { title: '参学率', width: 3 },
  ],
  rows: [
    ...byMonth(ledger).map(({ period, reviews }) =>
      summaryRow(periodName(period), reviews.length, sumOf(reviews.map(({ tally }) => tally))),
    ),
    summaryRow('合计', ledger.reviews.length, ledger.total),
  ],
  sums: 1,
})

function summaryRow(name: string, times: number, tally: Tally): Cell[] {
  const rates = ratesOf(tally)
  return [
    name,
    times,
    tally.expected,
    tally['on-time'],
    tally.late,
    tally.excused,
    tally.absent,
    rateText(rates.attendanceRate),
    rateText(rates.participationRate),
  ]
}

/** How a branch is called, in files. */
export const branchNameOf = (records: Records, branchId: BranchId): string =>
  records.get(branchScope(branchId), 'branch', 'branch')?.name ?? branchId
