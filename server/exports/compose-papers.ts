import { clockOf, formatDay } from '#domain/day'
import { type Gathering, isMeeting } from '#domain/gathering'
import type { GatheringKey } from '#domain/gathering-key'
import { byMonth, type Ledger, ledgerOf } from '#domain/ledger'
import { type Minutes, noMinutes } from '#domain/minutes'
import { type LedgerPeriod, periodName } from '#domain/period'
import type { Records } from '#domain/records'
import { type ReviewedMember, reviewAt, reviewOf } from '#domain/review'
import { ratesOf, rateText, sumOf, type Tally } from '#domain/tally'
import { meetingKindWords, standingWords } from '#domain/words'
import { type Basis, isAway, isThere, leadOf, type StudyReview } from './basis'
import {
  guestsText,
  paragraphsOf,
  resolutionLines,
  speechLines,
  whyAway,
  writtenLines,
} from './compose-minutes'
import type { Cell, Paper, Part } from './document'
import {
  kindName,
  meetingCells,
  meetingColumns,
  meetingsHeld,
  minutesOf,
  quotaColumns,
  quotaRows,
} from './meetings'

/** 签到表: everybody expected, and room for their own hand. What a meeting is about may still be open. */
export function signInSheet(records: Records, basis: Basis, key: GatheringKey): Paper | undefined {
  const review = reviewAt(records, basis.branchId, key)
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
    fileName: `签到表-${[basis.branchName, ...kindOf(review.study), review.study.heldOn].join('-')}.docx`,
    title: `${kindOf(review.study)[0] ?? '周汇朝学'}签到表`,
    under: basis.branchName,
    footer: basis.footer,
    parts: [
      { is: 'facts', rows: factsOf(review.study) },
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

/** Several meetings are held on one day; of the weekly study there is one. */
const kindOf = (study: Gathering): string[] => (isMeeting(study) ? [meetingKindWords[study.kind]] : [])

function factsOf(study: Gathering): string[][] {
  const time = `${formatDay(study.heldOn)} ${clockOf(study.startsAt)}–${clockOf(study.endsAt)}`
  return [
    ['时间', time, '地点', study.place],
    ...(isMeeting(study)
      ? [
          ['类别', kindName(study)],
          ['议题', study.topic, '主持人', study.host],
        ]
      : [['主题', study.topic, '领学人', leadOf(study)]]),
  ]
}

/** 学习记录: what is recorded, filled in. What nobody wrote down is left to be written by hand: no minutes
 *  are made up. */
export function studyRecord(records: Records, basis: Basis, week: string): Paper | undefined {
  const review = reviewOf(records, basis.branchId, week)
  if (review === undefined) return undefined
  const minutes = minutesOf(records, basis.branchId, review.study)
  const guests = guestsText(minutes)
  return {
    is: 'paper',
    fileName: `学习记录-${basis.branchName}-${review.study.heldOn}.docx`,
    title: '周汇朝学学习记录',
    under: basis.branchName,
    footer: basis.footer,
    parts: [
      { is: 'facts', rows: [...factsOf(review.study), ['材料', review.study.material ?? '']] },
      attendancePart(review, minutes),
      ...(guests === '' ? [] : [{ is: 'facts', rows: [['列席', guests]] } as const]),
      ...writtenOr('学习内容', paragraphsOf(minutes.content)),
      ...writtenOr('交流发言', speechLines(minutes)),
      ...(minutes.resolutions.length === 0 ? [] : writtenOr('决议', resolutionLines(minutes))),
      { is: 'facts', rows: [['主持人', '', '记录人', '']] },
    ],
  }
}

/** What was written, or room to write it by hand. */
const writtenOr = (title: string, lines: readonly string[]): Part[] =>
  lines.length === 0
    ? [{ is: 'box', title, lines: 6 }]
    : [{ is: 'heading', text: title }, ...writtenLines(lines)]

function attendancePart(review: StudyReview, minutes: Minutes): Part {
  const { tally, members } = review
  const rates = ratesOf(tally)
  const away = members.filter(isAway)
  const names = (each: readonly ReviewedMember[]) => each.map(({ name }) => name).join('、')
  const present = members.filter(isThere)
  return {
    is: 'facts',
    rows: [
      ['应到', `${tally.expected} 人`, '到会（含迟到）', `${tally['on-time'] + tally.late} 人`],
      ['到会率', rateText(rates.attendanceRate), '参学率', rateText(rates.participationRate)],
      ['到会人员', names(present)],
      [
        '缺席和请假',
        away
          .map((member) => {
            const why = whyAway(member, minutes)
            return `${member.name}（${standingWords[member.standing]}${why === '' ? '' : `：${why}`}）`
          })
          .join('、'),
      ],
    ],
  }
}

/** 支部学习手册: the whole period in one paper, a section for each study, and the meetings with what was
 *  to be held. */
export function handbook(records: Records, basis: Basis, period: LedgerPeriod): Paper {
  const ledger = ledgerOf(records, basis.branchId, period, basis.asOf)
  const meetings = meetingsHeld(records, basis, period)
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
        { is: 'facts', rows: factsOf(review.study) },
        attendancePart(review, noMinutes(review.study.week)),
      ]),
      { is: 'heading', text: '三、会议活动' },
      ...(meetings.length === 0
        ? [{ is: 'text', text: '这段时间没有关闭了登记簿的会议。' } as const]
        : [
            {
              is: 'table',
              columns: meetingColumns([30, 32, 38, 12, 17, 12, 12, 12, 22]),
              rows: meetings.map(meetingCells),
            } as const,
          ]),
      { is: 'heading', text: '四、应开次数' },
      { is: 'table', columns: quotaColumns, rows: quotaRows(records, basis, period) },
      {
        is: 'text',
        text: '「缺」的括号里是已开和应开的次数。登记簿关闭以后才计入；一会多用的，按所计的每个类别各计一次。',
      },
      ...(ledger.notHeld.length === 0
        ? []
        : ([
            { is: 'heading', text: '五、停学' },
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
    { title: '到会率', width: 4 },
    { title: '参学率', width: 4 },
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
