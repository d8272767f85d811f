import { type CommandName, commands } from '#domain/commands'
import { dayOf, instantOf, type Week, weekOf } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { type MeetingId, meetingIdOf } from '#domain/gathering-key'
import { type PersonId, personId } from '#domain/ids'
import { isOn } from '#domain/meeting'
import type { Membership } from '#domain/membership'
import { quorumOf } from '#domain/quorum'
import type { Change, Read } from '#domain/records'
import { reviewOn } from '#domain/review'
import { branchScope, memberScope, type Place, reviewScope } from '#domain/scopes'
import { isHeld } from '#domain/weekly-study'
import { audit } from '#server/audit'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { readRecords, writeChanges } from '#server/storage/rows'
import { cast, castBranch, demoOrganizationId } from '../../server/demo/cast'
import { keepDemoCurrent } from '../../server/demo/keep-current'
import { actorIn } from '../../server/demo/rehearsal'
import { seedDemo } from '../../server/demo/seed'
import { committeeMember, linXiao, secretary } from './cast'
import { freshDatabase } from './database'

/** What a program that opens a file could take for a formula, a number, a date or markup, and what a
 *  font or a parser can stumble over. */
export const awkwardTexts = [
  '=1+1',
  '+86',
  '@x',
  '-2+3',
  '=HYPERLINK("http://example.org","点我")',
  "=cmd|' /C calc'!A0",
  '007',
  '1e5',
  '85%',
  '2026-03-09',
  'TRUE',
  "'前面有撇号",
  '"引号"，逗号,分号;',
  '<b>&amp; &lt; ]]>',
  '学习贯彻😀𠮷㛃',
  `很长的主题：${'从科技发展看历史、看未来，'.repeat(5)}完`,
] as const

const awkwardNames = [
  '李㛃',
  '𠮷田',
  '王一',
  '欧阳小敏',
  '爱新觉罗氏',
  '阿不都热合曼',
  '买买提·热合曼江',
  '=1+1',
  '+86',
  '@x',
  '张三😀',
] as const

/** At 09:40 on a Monday, with a year and more behind it and this week's register open. */
export const monday = instantOf('2026-03-09', '09:40')
export const thisWeek: Week = weekOf('2026-03-09')
export const lastWeek: Week = weekOf('2026-03-02')
export const branchId = castBranch.id
export const organizationId = demoOrganizationId
/** Came today: nothing is recorded of them. */
export const newcomer: PersonId = personId('newcomer')

export interface AwkwardBranch {
  readonly database: Database
  /** With everything filled in, and filed. */
  readonly filed: MeetingId
  /** With nothing filled in, and not closed. */
  readonly bare: MeetingId
  close(): Promise<void>
}

/** The demo's branch, where people have typed what is hard to put into a file. */
export async function awkwardBranch(): Promise<AwkwardBranch> {
  const created = await freshDatabase()
  const database = openDatabase(created.url)
  await migrate(database)
  await seedDemo(database, { now: monday, scale: 'year' })
  await keepDemoCurrent(database, monday)
  const write = (changes: readonly Change[]) =>
    inTransaction(database, (client) => writeChanges(client, changes))
  await write(await renamed(database))
  await write(await retold(database))
  const acts = new Acts(database)
  await acts.ofMembers()
  return {
    database,
    filed: await acts.fullMeeting(),
    bare: await acts.bareMeeting(),
    async close() {
      await database.close()
      await created.drop()
    },
  }
}

/** Hard names for some who are not of the cast, and somebody new. */
async function renamed(database: Database): Promise<Change[]> {
  const records = await readRecords(database.pool, [
    { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  ])
  const memberships = records.list(reviewScope(branchId), 'membership', '')
  const others = memberships
    .filter(({ personId: id }) => !cast.some((each) => each.personId === id))
    .slice(0, awkwardNames.length)
  if (others.length < awkwardNames.length) throw new Error('the branch is too small')
  const people = [
    ...others.map((each, index): Membership => ({ ...each, name: awkwardNames[index] ?? each.name })),
    {
      branchId,
      personId: newcomer,
      name: '赵新来',
      membership: 'full',
      spells: [{ from: dayOf(monday) }],
      exempt: [],
      longAbsence: [],
    } satisfies Membership,
  ]
  const profiles = await readRecords(
    database.pool,
    people.map(({ personId: id }): Read => ({ scope: memberScope(id), type: 'profile', key: 'profile' })),
  )
  return people.flatMap((membership): Change[] => {
    const { personId: id, name } = membership
    const profile = profiles.get(memberScope(id), 'profile', 'profile') ?? {
      personId: id,
      organizationId,
      appointments: [],
    }
    return [
      { scope: memberScope(id), type: 'membership', key: branchId, value: membership },
      { scope: reviewScope(branchId), type: 'membership', key: id, value: membership },
      { scope: branchScope(branchId), type: 'person', key: id, value: { id, name } },
      { scope: memberScope(id), type: 'profile', key: 'profile', value: { ...profile, name } },
    ]
  })
}

/** The last weeks have hard topics and places, among them none. */
async function retold(database: Database): Promise<Change[]> {
  const scope = branchScope(branchId)
  const records = await readRecords(database.pool, [{ scope, type: 'weekly-study', prefix: '' }])
  return records
    .list(scope, 'weekly-study', '')
    .filter(isHeld)
    .filter(({ week }) => week <= thisWeek)
    .reverse()
    .slice(0, awkwardTexts.length + 1)
    .map((study, index): Change => {
      const topic = awkwardTexts[index] ?? ''
      const value = { ...study, topic, place: index === 0 ? '' : topic.slice(0, 60) }
      return { scope, type: 'weekly-study', key: study.week, value }
    })
}

/** What people do, decided by the real rules and written as the server writes it. */
class Acts {
  private count = 0

  constructor(private readonly database: Database) {}

  /** Somebody's line is amended after closing; others say something. */
  async ofMembers(): Promise<void> {
    const scope = reviewScope(branchId)
    const records = await readRecords(this.database.pool, [
      { scope, type: 'register-line', prefix: `${lastWeek}/` },
    ])
    const lines = records.list(scope, 'register-line', `${lastWeek}/`)
    const absent = lines.find(({ standing }) => standing === 'absent')
    if (absent === undefined) throw new Error('everybody came last week')
    await this.act('record-attendance', {
      week: lastWeek,
      memberId: absent.memberId,
      standing: 'late',
      reason: '=1+1，本人当面说明，经核对签到表属实',
      version: absent.version,
    })
    for (const words of ['=1+1', '名字里的字打不出来：㛃、𠮷 😀\n第二行']) {
      await this.act('ask-correction', { subject: 'name', words }, { who: linXiao.personId })
    }
    const organization: Place = { kind: 'organization', organizationId }
    const feedback = { kind: 'suggestion', words: '+86 的电话打不通，@管理员' }
    await this.act('send-feedback', feedback, { who: linXiao.personId, place: organization })
  }

  async fullMeeting(): Promise<MeetingId> {
    const id = await this.plan('full', '2026-03-04', {
      kind: 'general-meeting',
      alsoCountsAs: ['party-class'],
      topic: '=HYPERLINK("http://example.org","讨论发展对象")',
      place: '三楼会议室 <东>',
      host: secretary.name,
      recorder: committeeMember.name,
      agenda: [...awkwardTexts],
    })
    const { study, members } = await this.review(id)
    const [onLeave, absent, late, ...rest] = members
    const at = study.startsAt + 60_000
    const record = (member: typeof late, more: object) =>
      this.act('record-attendance', { week: id, memberId: member?.memberId, version: 0, ...more }, { at })
    await record(onLeave, { standing: 'excused', leaveKind: 'sick' })
    await record(absent, { standing: 'absent' })
    await record(late, { standing: 'late' })
    await this.act('record-rest', { week: id, memberIds: rest.map(({ memberId }) => memberId) }, { at })
    const version = async () => (await this.review(id)).study.version
    await this.act('close-register', { week: id, version: await version() }, { at: at + 60_000 })
    const written = {
      of: id,
      content: [
        ...awkwardTexts,
        ...Array.from({ length: 40 }, (_, at) => `第 ${at + 1} 段。${awkwardTexts[15]}`),
      ].join('\n'),
      speeches: [
        ...awkwardNames.map((name, at) => ({ name, words: awkwardTexts[at] ?? '' })),
        { name: linXiao.name, words: '' },
      ],
      guests: [
        { name: '王工', from: '市气象局' },
        { name: '@x', from: '' },
      ],
      absences: [{ memberId: absent?.memberId, reason: '=1+1' }],
      resolutions: [
        { text: '下月到社区义诊', owner: '𠮷田', due: '2026-04-10', isDone: false },
        { text: '+86', owner: '', isDone: true },
      ],
    }
    await this.act('keep-minutes', { ...written, version: 0 }, { at: study.endsAt })
    const vote = { matter: '=1+1', inFavour: rest.length, against: 0, abstained: 0 }
    const present = (await this.quorum(id)).present
    await this.act(
      'record-vote',
      { of: id, ...vote, inFavour: present - 1, abstained: 1, version: 1 },
      { at: study.endsAt },
    )
    await this.act('file-meeting', { id, version: await version() }, { at: monday })
    return id
  }

  bareMeeting(): Promise<MeetingId> {
    const bare = { alsoCountsAs: [], topic: '还没有开', agenda: [], place: '', host: '', recorder: '' }
    return this.plan('bare', '2026-03-05', { ...bare, kind: 'collective-study' })
  }

  private async plan(name: string, heldOn: string, more: object): Promise<MeetingId> {
    const id = meetingIdOf(2026, name)
    const times = { starts: '18:00', ends: '19:30', studyHours: 0 }
    await this.act('plan-meeting', { id, heldOn, ...times, ...more }, { at: instantOf(heldOn, '09:00') })
    return id
  }

  private async records(id: MeetingId) {
    const scope = reviewScope(branchId)
    return readRecords(this.database.pool, [
      { scope: branchScope(branchId), type: 'meeting', key: id },
      { scope, type: 'membership', prefix: '' },
      { scope, type: 'register', key: id },
      { scope, type: 'register-line', prefix: `${id}/` },
    ])
  }

  private async review(id: MeetingId) {
    const records = await this.records(id)
    const meeting = records.get(branchScope(branchId), 'meeting', id)
    if (meeting === undefined || !isOn(meeting)) throw new Error('no meeting')
    return reviewOn(records, branchId, meeting)
  }

  private async quorum(id: MeetingId) {
    return quorumOf(await this.records(id), branchId, await this.review(id))
  }

  private async act(
    name: CommandName,
    args: object,
    {
      who = secretary.personId,
      place = { kind: 'branch', branchId },
      at = monday,
    }: { who?: PersonId; place?: Place; at?: number } = {},
  ): Promise<void> {
    this.count += 1
    const actor = actorIn(branchId, who, who === secretary.personId ? 'secretary' : undefined)
    const prepared = commands[name].prepare(place, args)
    if (prepared === undefined) throw new Error(`${name} is not asked like this`)
    const records = await readRecords(this.database.pool, prepared.reads(who))
    const commandKey = `awkward.${this.count}`
    const decision = prepared.decide(records, { actor, evidence: happeningAt(at), commandKey })
    if (decision.outcome === 'refused') throw new Error(`${name}: ${decision.refusal.code}`)
    await inTransaction(this.database, async (client) => {
      await writeChanges(client, decision.value)
      const entry = { at, by: who, act: name, about: commandKey }
      await audit(client, prepared.guard, entry, decision.value)
    })
  }
}
