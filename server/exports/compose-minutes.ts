import { clockOf, formatDay, formatInstant } from '#domain/day'
import { votes } from '#domain/meeting'
import type { Minutes, Vote } from '#domain/minutes'
import { quorumOf } from '#domain/quorum'
import type { Records } from '#domain/records'
import type { Review } from '#domain/review'
import type { Standing } from '#domain/tally'
import { meetingKindWords, missingWords } from '#domain/words'
import { type Basis, isThere, reasonOf } from './basis'
import type { Paper, Part } from './document'
import { kindName, type MeetingEntry, meetingEntry, stageName } from './meetings'

const notFilledIn = '（未填写）'

/** 会议记录: what is recorded of a meeting, and nothing else. What nobody wrote down is said to be missing
 *  until the meeting is filed; from then on there was none of it. */
export function minutesPaper(records: Records, basis: Basis, id: string): Paper | undefined {
  const entry = meetingEntry(records, basis, id)
  if (entry === undefined) return undefined
  const { study } = entry.review
  const kind = meetingKindWords[study.kind]
  return {
    is: 'paper',
    fileName: `会议记录-${basis.branchName}-${kind}-${study.heldOn}.docx`,
    // A branch's 支部党员大会 is not called 支部 twice.
    title: `${basis.branchName}${kind}会议记录`.replace('支部支部', '支部'),
    under: `${study.heldOn.slice(0, 4)}年${formatDay(study.heldOn)}`,
    footer: basis.footer,
    parts: [
      { is: 'facts', rows: [...aboutIt(entry), ...whoCame(records, basis, entry), ...marksOf(entry)] },
      ...sectionsOf(entry),
      {
        is: 'text',
        text: '主持人签字：＿＿＿＿＿＿＿＿　　　　记录人签字：＿＿＿＿＿＿＿＿',
        isApart: true,
      },
    ],
  }
}

const orMissing = (text: string) => (text === '' ? notFilledIn : text)

/** 「无」 is for the secretary to say, who says it by filing. */
const noneOf = ({ review }: MeetingEntry) => (review.study.filedAt === undefined ? notFilledIn : '无')

function aboutIt({ review: { study } }: MeetingEntry): string[][] {
  const time = `${study.heldOn} ${clockOf(study.startsAt)}–${clockOf(study.endsAt)}`
  return [
    ['时间', time, '地点', orMissing(study.place)],
    ['类别', kindName(study)],
    ['议题', orMissing(study.topic)],
    ['主持人', orMissing(study.host), '记录人', orMissing(study.recorder)],
  ]
}

function whoCame(records: Records, { branchId }: Basis, entry: MeetingEntry): string[][] {
  const { review, minutes } = entry
  const { study, tally, members } = review
  const { entitled, present } = quorumOf(records, branchId, review)
  const waiting = tally.unrecorded + tally.held
  return [
    ['应到', `${tally.expected} 人`, '实到', presentText(review)],
    ...(votes(study.kind) ? [['有表决权', `应到会 ${entitled} 人`, '其中实到', `${present} 人`]] : []),
    [
      '到会人员',
      members
        .filter(isThere)
        .map(({ name }) => name)
        .join('、') || '无',
    ],
    ['请假', awayText(entry, 'excused')],
    ['缺席', awayText(entry, 'absent')],
    ...(waiting === 0 ? [] : [['未登记、待定', `${waiting} 人`]]),
    ['列席', guestsText(minutes) || noneOf(entry)],
  ]
}

const presentText = ({ tally }: Review) =>
  `${tally['on-time'] + tally.late} 人${tally.late === 0 ? '' : `（其中迟到 ${tally.late} 人）`}`

/** Why somebody was not there: the kind of leave for who may know it, and what the minutes say. */
export function whyAway(member: Review['members'][number], { absences }: Minutes): string {
  const written = absences.find(({ memberId }) => memberId === member.memberId)?.reason ?? ''
  return [reasonOf(member), written].filter((each) => each !== '').join('，')
}

function awayText({ review, minutes }: MeetingEntry, standing: Extract<Standing, 'excused' | 'absent'>) {
  const away = review.members
    .filter((member) => member.standing === standing)
    .map((member) => {
      const why = whyAway(member, minutes)
      if (why !== '') return `${member.name}（${why}）`
      return standing === 'absent' ? `${member.name}（原因未填写）` : member.name
    })
  return away.length === 0 ? '无' : `${away.length} 人：${away.join('、')}`
}

export const guestsText = ({ guests }: Minutes): string =>
  guests.map(({ name, from }) => (from === '' ? name : `${name}（${from}）`)).join('、')

/** What sets it apart from other meetings, and how far its record is. */
function marksOf(entry: MeetingEntry): string[][] {
  const { study } = entry.review
  const missing = entry.missing.map((each) => missingWords[each]).join('、')
  return [
    ...(study.joint === undefined ? [] : [['联合会议', study.joint.branches.join('、')]]),
    [
      '归档情况',
      study.filedAt === undefined
        ? stageName(entry) + (missing === '' ? '' : `：${missing}`)
        : `${stageName(entry)}，${formatInstant(study.filedAt)}`,
    ],
  ]
}

const numerals = ['一', '二', '三', '四', '五']

function sectionsOf(entry: MeetingEntry): Part[] {
  const { study } = entry.review
  const { minutes } = entry
  const sections: (readonly [title: string, lines: readonly string[], ifNone: string])[] = [
    ['议程', numbered(study.agenda), notFilledIn],
    ['会议内容', paragraphsOf(minutes.content), notFilledIn],
    ['交流发言', speechLines(minutes), noneOf(entry)],
    // What was voted on stays, should its kind have been changed afterwards.
    ...(votes(study.kind) || minutes.votes.length > 0
      ? [['表决', numbered(minutes.votes.map(voteText)), noneOf(entry)] as const]
      : []),
    ['决议', resolutionLines(minutes), noneOf(entry)],
  ]
  return sections.flatMap(([title, lines, ifNone], index): Part[] => [
    { is: 'heading', text: `${numerals[index]}、${title}` },
    ...writtenLines(lines.length === 0 ? [ifNone] : lines),
  ])
}

export const writtenLines = (lines: readonly string[]): Part[] =>
  lines.map((text) => ({ is: 'text', text, isIndented: true }))

const numbered = (lines: readonly string[]) => lines.map((line, index) => `${index + 1}. ${line}`)

export const paragraphsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export const speechLines = ({ speeches }: Minutes): string[] =>
  speeches.map(({ name, words }) => (words === '' ? name : `${name}：${paragraphsOf(words).join(' ')}`))

/** As it was when it was held: what changed in the register since does not change the vote. */
const voteText = ({ matter, entitled, present, inFavour, against, abstained, isPassed }: Vote) =>
  `${matter}：应到会有表决权 ${entitled} 人，实到 ${present} 人；` +
  `赞成 ${inFavour}、反对 ${against}、弃权 ${abstained}，${isPassed ? '通过' : '未通过'}。`

export const resolutionLines = ({ resolutions }: Minutes): string[] =>
  numbered(
    resolutions.map(({ text, owner, due, isDone }) => {
      const duty = [
        owner === '' ? '' : `责任人：${owner}`,
        due === undefined ? '' : `期限：${due}`,
        isDone ? '已落实' : '',
      ]
      const said = duty.filter((each) => each !== '').join('，')
      return said === '' ? text : `${text}（${said}）`
    }),
  )
