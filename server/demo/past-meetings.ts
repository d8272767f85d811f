// 演示：支部的会议，从安排、登记到归档
import { addDays, type Day, dayOf, instantOf, mondayOf, type Week } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { type MeetingId, meetingIdOf } from '#domain/gathering-key'
import type { BranchId, PersonId } from '#domain/ids'
import { type HeldMeeting, isOn, type MeetingKind } from '#domain/meeting'
import { isExpectedOn, type Membership } from '#domain/membership'
import { branchScope, reviewScope } from '#domain/scopes'
import type { Random } from './random'
import { type ArgsOf, actorIn, type Rehearsal } from './rehearsal'

/** A branch, and who keeps its register. */
export interface House {
  readonly branchId: BranchId
  readonly place: string
  readonly memberships: readonly Membership[]
  readonly secretary: PersonId
  readonly keepers: readonly PersonId[]
  readonly random: Random
}

interface Script {
  readonly kind: MeetingKind
  readonly alsoCountsAs?: readonly MeetingKind[]
  readonly topic: string
  readonly starts: string
  readonly ends: string
  /** 1 = Monday. */
  readonly weekday: number
  readonly agenda: readonly string[]
  readonly content: string
  readonly vote?: string
  readonly resolution?: string
}

const collective: Script = {
  kind: 'collective-study',
  topic: '科学家精神与科普报国',
  starts: '14:30',
  ends: '16:00',
  weekday: 4,
  agenda: ['领学', '交流发言', '小结'],
  content: '由领学人导读材料，随后围绕本职工作交流体会，最后由支部书记小结。',
}
const themeDay: Script = {
  kind: 'theme-day',
  alsoCountsAs: ['party-class'],
  topic: '科普进社区',
  starts: '14:30',
  ends: '16:30',
  weekday: 3,
  agenda: ['重温入党誓词', '党课', '科普服务'],
  content: '先上一堂微党课，随后分组到社区摆设科普展台，回答居民提问。',
  resolution: '下月继续到社区开展科普服务',
}
const committee: Script = {
  kind: 'committee-meeting',
  topic: '研究下月学习和发展党员工作',
  starts: '16:00',
  ends: '17:00',
  weekday: 5,
  agenda: ['通报本月学习情况', '商定下月安排'],
  content: '通报了本月学习和登记情况，商定下月主题党日的时间和分工。',
  resolution: '下月主题党日方案',
}
const general: Script = {
  kind: 'general-meeting',
  topic: '第四季度工作和预备党员转正',
  starts: '14:30',
  ends: '15:40',
  weekday: 2,
  agenda: ['支部书记报告工作', '讨论转正申请', '表决'],
  content: '听取支部季度工作报告，讨论一位预备党员的转正申请，并进行表决。',
  vote: '同意预备党员按期转正',
}

/** How many weeks ago the cast's branch held what. */
const ofCast: readonly (readonly [number, Script])[] = [
  [12, committee],
  [11, collective],
  [10, themeDay],
  [9, collective],
  [8, committee],
  [7, collective],
  [6, themeDay],
  [5, collective],
  [4, committee],
  [4, general],
  [3, collective],
  [2, themeDay],
  [1, collective],
]
const ofOthers: readonly (readonly [number, Script])[] = [[3, themeDay]]

/** What was held in these weeks, the last first; of the last one there is no record yet. Then what the
 *  branch was told of for the week after the next. */
export function actMeetings(
  rehearsal: Rehearsal,
  house: House,
  { weeks, now, isCast }: { readonly weeks: readonly Week[]; readonly now: number; readonly isCast: boolean },
): void {
  for (const [ago, script] of isCast ? ofCast : ofOthers) {
    const week = weeks[weeks.length - ago]
    if (week === undefined) continue
    const meeting = planned(rehearsal, house, script, addDays(mondayOf(week), script.weekday - 1))
    isHeld(rehearsal, house, meeting)
    if (ago > 1) isFiled(rehearsal, house, meeting, script)
  }
  if (!isCast) return
  const [last] = weeks.slice(-1)
  if (last === undefined) return
  const next = planned(rehearsal, house, themeDay, addDays(mondayOf(last), 14 + 3), dayOf(now))
  asSecretary(rehearsal, house, 'notify-meeting', { id: next.id, version: next.version }, now)
}

const hour = 3_600_000

function asSecretary<
  Name extends
    | 'plan-meeting'
    | 'notify-meeting'
    | 'record-rest'
    | 'record-attendance'
    | 'close-register'
    | 'keep-minutes'
    | 'record-vote'
    | 'file-meeting',
>(rehearsal: Rehearsal, { branchId, secretary }: House, command: Name, args: ArgsOf<Name>, at: number): void {
  const actor = actorIn(branchId, secretary, 'secretary')
  rehearsal.act({ branchId, command, args, actor, evidence: happeningAt(at) })
}

function planned(
  rehearsal: Rehearsal,
  house: House,
  { alsoCountsAs = [], kind, topic, starts, ends, agenda }: Script,
  heldOn: Day,
  plannedOn = addDays(heldOn, -5),
): HeldMeeting {
  const { branchId, place, keepers, memberships } = house
  const nameOf = (id: PersonId | undefined) => memberships.find((each) => each.personId === id)?.name ?? ''
  const id = meetingIdOf(
    Number(heldOn.slice(0, 4)),
    `${heldOn.slice(5).replace('-', '')}${kind.replace(/-/g, '')}`,
  )
  asSecretary(
    rehearsal,
    house,
    'plan-meeting',
    {
      ...{ id, kind, topic, heldOn, starts, ends, place },
      alsoCountsAs: [...alsoCountsAs],
      host: nameOf(keepers[0]),
      recorder: nameOf(keepers[1] ?? keepers[0]),
      agenda: [...agenda],
      ...(kind === 'committee-meeting' ? { attends: [...keepers] } : {}),
      studyHours: kind === 'committee-meeting' || kind === 'general-meeting' ? 0 : 1.5,
    },
    instantOf(plannedOn, '10:00'),
  )
  const made = rehearsal.get(branchScope(branchId), 'meeting', id)
  if (made === undefined || !isOn(made)) throw new Error('a meeting of the demo was not planned')
  return made
}

/** Most come; one or two have told the secretary why not, and now and then somebody is missing. */
function isHeld(
  rehearsal: Rehearsal,
  house: House,
  { id, startsAt, endsAt, heldOn, attends }: HeldMeeting,
): void {
  const expected = house.memberships
    .filter((each) => isExpectedOn(each, heldOn) && (attends?.includes(each.personId) ?? true))
    .map((each) => each.personId)
  const away = house.random
    .shuffled(expected.filter((id) => !house.keepers.includes(id)))
    .slice(0, Math.min(3, Math.floor(expected.length / 8)))
  for (const [index, memberId] of away.entries()) {
    const standing = index < 2 ? ('excused' as const) : ('absent' as const)
    const leave = standing === 'excused' ? { leaveKind: 'official' as const } : {}
    const args = { week: id, memberId, standing, ...leave, version: 0 }
    asSecretary(rehearsal, house, 'record-attendance', args, startsAt + 10 * 60_000)
  }
  const present = expected.filter((each) => !away.includes(each))
  if (present.length > 0)
    asSecretary(rehearsal, house, 'record-rest', { week: id, memberIds: present }, startsAt + 20 * 60_000)
  asSecretary(
    rehearsal,
    house,
    'close-register',
    { week: id, version: versionOf(rehearsal, house, id) },
    endsAt,
  )
}

const versionOf = (rehearsal: Rehearsal, { branchId }: House, id: MeetingId) =>
  rehearsal.get(branchScope(branchId), 'meeting', id)?.version ?? 0

function isFiled(
  rehearsal: Rehearsal,
  house: House,
  { id, endsAt, heldOn }: HeldMeeting,
  { content, vote, resolution, kind }: Script,
): void {
  const { branchId, random, memberships } = house
  const lines = rehearsal.list(reviewScope(branchId), 'register-line', `${id}/`)
  const speakers = random.shuffled(lines.filter(({ standing }) => standing === 'on-time')).slice(0, 2)
  const nameOf = (id: PersonId) => memberships.find((each) => each.personId === id)?.name ?? ''
  asSecretary(
    rehearsal,
    house,
    'keep-minutes',
    {
      of: id,
      content,
      speeches:
        kind === 'collective-study'
          ? speakers.map(({ memberId }) => ({ name: nameOf(memberId), words: '结合本职工作谈了学习体会' }))
          : [],
      guests: kind === 'general-meeting' ? [{ name: '入党积极分子代表', from: '本单位' }] : [],
      absences: lines
        .filter(({ standing }) => standing === 'absent')
        .map(({ memberId }) => ({ memberId, reason: '未说明' })),
      resolutions:
        resolution === undefined
          ? []
          : [{ text: resolution, owner: nameOf(house.secretary), due: addDays(heldOn, 30), isDone: false }],
      version: 0,
    },
    endsAt + 2 * hour,
  )
  if (vote !== undefined) {
    const full = lines.filter(
      ({ standing, memberId }) =>
        standing === 'on-time' &&
        memberships.some((each) => each.personId === memberId && each.membership === 'full'),
    ).length
    const args = { of: id, matter: vote, inFavour: full, against: 0, abstained: 0, version: 1 }
    asSecretary(rehearsal, house, 'record-vote', args, endsAt + 3 * hour)
  }
  const version = versionOf(rehearsal, house, id)
  asSecretary(rehearsal, house, 'file-meeting', { id, version }, endsAt + 4 * hour)
}
