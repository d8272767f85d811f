import { lineKey } from '#domain/attendance'
import { type Appointment, authorityOf, hasRole } from '#domain/authority'
import { type ArgsOf, type CommandName, commands } from '#domain/commands'
import { type Day, dayOf, instantOf, type Week } from '#domain/day'
import type { TimeEvidence } from '#domain/evidence'
import { missingOf } from '#domain/filing'
import { type GatheringKey, type MeetingId, meetingIdOf } from '#domain/gathering-key'
import { type BranchId, branchId, organizationId, type PersonId, personId } from '#domain/ids'
import { isOn } from '#domain/meeting'
import type { Membership } from '#domain/membership'
import { noMinutes } from '#domain/minutes'
import { planStudy } from '#domain/planning'
import { calendarFrom } from '#domain/published-notice'
import { quorumOf } from '#domain/quorum'
import type { Change, Read, RecordOf, Records, RecordType } from '#domain/records'
import type { Refusal } from '#domain/refusal'
import { reviewOf, reviewOn } from '#domain/review'
import {
  branchScope,
  memberScope,
  organizationScope,
  placeOf,
  reviewScope,
  type Scope,
  secretaryScope,
} from '#domain/scopes'
import type { ReadCode } from '#domain/study-code'
import { defaultBranchSettings } from '#domain/weekly-study'

export const home = branchId('branch-1')
export const elsewhere = branchId('branch-2')
export const association = organizationId('association')

export const linXiao = personId('lin-xiao')
export const chenLi = personId('chen-li')
export const wuGuifang = personId('wu-guifang')
export const zhouSecretary = personId('zhou-secretary')
export const committeeMember = personId('committee-member')
export const activist = personId('activist')
export const outsider = personId('outsider')
export const admin = personId('admin')
export const inspector = personId('inspector')

/** A Monday of the tests: 2025-03-10, the 11th week, an ordinary working day. */
export const week: Week = '2025-W11'
export const monday: Day = '2025-03-10'
export const at = (clock: string, day: Day = monday) => instantOf(day, clock)

export const onlineAt = (clock: string, day: Day = monday): TimeEvidence => ({
  earliest: at(clock, day) - 20_000,
  receivedAt: at(clock, day),
  claimedAt: at(clock, day),
})

/** Made at one time without signal, arrived at another; the server last heard of the phone before. */
export const offline = ({
  heard,
  claimed,
  received,
}: {
  heard: number
  claimed: number
  received: number
}): TimeEvidence => ({
  earliest: heard,
  claimedAt: claimed,
  receivedAt: received,
})

/** A meeting of the whole branch with nothing left out, on the Monday of the tests, long after the study. */
export const plan: Omit<ArgsOf<'plan-meeting'>, 'id'> = {
  kind: 'general-meeting',
  alsoCountsAs: [],
  topic: '讨论接收预备党员',
  heldOn: monday,
  starts: '14:00',
  ends: '15:00',
  place: '三楼会议室',
  host: '周书记',
  recorder: '吴桂芳',
  agenda: ['宣读志愿书', '讨论', '表决'],
  studyHours: 1,
}

const calendar = calendarFrom([
  { year: 2025, daysOff: { '2025-05-05': '劳动节' }, workdays: {}, source: 'notice' },
])

export class MemoryRecords implements Records {
  private readonly rows = new Map<string, unknown>()

  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined {
    return this.rows.get(`${scope} ${type} ${key}`) as RecordOf<Type> | undefined // put there as this type
  }

  list<Type extends RecordType>(scope: Scope, type: Type, prefix: string): RecordOf<Type>[] {
    return [...this.rows]
      .filter(([name]) => name.startsWith(`${scope} ${type} ${prefix}`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, value]) => value as RecordOf<Type>) // as above
  }

  apply(changes: readonly Change[]): void {
    for (const { scope, type, key, value } of changes) this.rows.set(`${scope} ${type} ${key}`, value)
  }

  snapshot(): string {
    return JSON.stringify([...this.rows].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** As on the server, where a rule finds what it said it would read, and nothing else. */
const onlyRead = (records: Records, reads: readonly Read[]): Records => ({
  get: (scope, type, key) =>
    reads.some(
      (each) =>
        each.scope === scope &&
        each.type === type &&
        ('key' in each ? each.key === key : key.startsWith(each.prefix)),
    )
      ? records.get(scope, type, key)
      : undefined,
  list: (scope, type, prefix) =>
    reads.some(
      (each) =>
        each.scope === scope && each.type === type && 'prefix' in each && prefix.startsWith(each.prefix),
    )
      ? records.list(scope, type, prefix)
      : [],
})

/** A branch with its people, in memory: what they do is decided by the real rules. */
export class TestBranch {
  readonly records = new MemoryRecords()
  private acts = 0
  /** As the server has it; without it, as a phone. */
  readCode: ReadCode | undefined
  /** Why the last act was refused, with its numbers. */
  refused: Refusal | undefined

  constructor(settings: Partial<typeof defaultBranchSettings> = {}) {
    const all = { ...defaultBranchSettings, ...settings }
    const plan = {
      settings: all,
      rule: { kind: 'postpone' } as const,
      calendar,
      topicOn: () => ({ topic: '从科技发展看历史' }),
    }
    this.records.apply([
      {
        scope: organizationScope(association),
        type: 'organization',
        key: 'organization',
        value: { id: association, name: '协会', isDemo: false, weekRule: { kind: 'postpone' }, version: 1 },
      },
    ])
    for (const id of [home, elsewhere]) {
      const study = planStudy(week, plan, undefined, 0)
      if (study === undefined) throw new Error('a week was not planned')
      this.records.apply([
        {
          scope: branchScope(id),
          type: 'branch',
          key: 'branch',
          value: { id, organizationId: association, name: id, family: '科技社团', settings: all, version: 1 },
        },
        { scope: branchScope(id), type: 'weekly-study', key: week, value: study },
      ])
    }
    for (const id of [linXiao, chenLi, wuGuifang, committeeMember]) this.enrol(id)
    this.enrol(zhouSecretary, {}, [{ role: 'secretary', branchId: home }])
    this.enrol(committeeMember, {}, [{ role: 'committee-member', branchId: home }])
    this.enrol(activist, { membership: 'activist' })
    this.enrol(outsider, { branchId: elsewhere }, [{ role: 'secretary', branchId: elsewhere }])
    this.appoint(admin, [{ role: 'admin', organizationId: association }])
    this.appoint(inspector, [{ role: 'inspector', organizationId: association }])
  }

  enrol(id: PersonId, change: Partial<Membership> = {}, appointments: Appointment[] = []): void {
    const membership: Membership = {
      branchId: home,
      personId: id,
      name: id,
      membership: 'full',
      spells: [{ from: '2020-01-01' }],
      exempt: [],
      longAbsence: [],
      ...change,
    }
    this.records.apply([
      { scope: memberScope(id), type: 'membership', key: membership.branchId, value: membership },
      { scope: reviewScope(membership.branchId), type: 'membership', key: id, value: membership },
      { scope: branchScope(membership.branchId), type: 'person', key: id, value: { id, name: id } },
    ])
    this.appoint(id, appointments)
  }

  private appoint(id: PersonId, appointments: Appointment[]): void {
    const value = { personId: id, name: id, organizationId: association, appointments }
    this.records.apply([{ scope: memberScope(id), type: 'profile', key: 'profile', value }])
  }

  authority(id: PersonId, now: number) {
    const profile = this.records.get(memberScope(id), 'profile', 'profile')
    if (profile === undefined) throw new Error(`${id} is nobody here`)
    return authorityOf(profile, this.records.list(memberScope(id), 'membership', ''), dayOf(now))
  }

  /** Does it, as the server would: allowed, decided, written. Answers the outcome or refusal code. */
  act(
    who: PersonId,
    name: CommandName,
    args: object,
    evidence: TimeEvidence,
    scope: Scope = branchScope(home),
  ): string {
    const actor = this.authority(who, evidence.receivedAt)
    const place = placeOf(scope)
    const command = commands[name]
    if (place === undefined || !hasRole(actor, command.roles, place)) return 'not-allowed'
    const prepared = command.prepare(place, args, who)
    if (prepared === undefined) return 'malformed'
    this.acts += 1
    const decision = prepared.decide(onlyRead(this.records, prepared.reads(who)), {
      actor,
      evidence,
      commandKey: `device.${this.acts}`,
      ...(this.readCode && { readCode: this.readCode }),
    })
    this.refused = decision.outcome === 'refused' ? decision.refusal : undefined
    if (decision.outcome === 'refused') return decision.refusal.code
    this.records.apply(decision.value)
    return decision.outcome
  }

  line(id: PersonId, of: GatheringKey = week) {
    return this.records.get(reviewScope(home), 'register-line', lineKey(of, id))
  }

  ownLine(id: PersonId, of: GatheringKey = week) {
    return this.records.get(memberScope(id), 'register-line', lineKey(of, home))
  }

  makeUp(id: PersonId) {
    return this.records.get(secretaryScope(home), 'make-up', lineKey(week, id))
  }

  study() {
    const study = this.records.get(branchScope(home), 'weekly-study', week)
    if (study === undefined) throw new Error('there is no study')
    return study
  }

  review() {
    const review = reviewOf(this.records, home, week)
    if (review === undefined) throw new Error('there is no register')
    return review
  }

  plans(change: Partial<typeof plan> = {}): string {
    return this.act(
      zhouSecretary,
      'plan-meeting',
      { ...plan, ...change, id: this.newId(change) },
      onlineAt('07:00'),
    )
  }

  /** The id of a meeting that was planned so. */
  planned(change: Partial<typeof plan> = {}): MeetingId {
    const outcome = this.plans(change)
    if (outcome !== 'accepted') throw new Error(`not planned: ${outcome}`)
    return this.idOf(change)
  }

  /** Of the meeting that the last act planned so. */
  idOf({ heldOn = monday }: { readonly heldOn?: string }): MeetingId {
    return meetingIdOf(Number(heldOn.slice(0, 4)), `device.${this.acts}`)
  }

  /** Of one that the next act plans so. */
  newId({ heldOn = monday }: { readonly heldOn?: string } = {}): MeetingId {
    return meetingIdOf(Number(heldOn.slice(0, 4)), `device.${this.acts + 1}`)
  }

  meeting(id: MeetingId, of: BranchId = home) {
    const meeting = this.records.get(branchScope(of), 'meeting', id)
    if (meeting === undefined) throw new Error('there is no meeting')
    return meeting
  }

  reviewOn(id: MeetingId, of: BranchId = home) {
    const meeting = this.meeting(id, of)
    if (!isOn(meeting)) throw new Error('it was cancelled')
    return reviewOn(this.records, of, meeting)
  }

  minutes(id: MeetingId) {
    return this.records.get(reviewScope(home), 'minutes', id) ?? noMinutes(id)
  }

  quorum(id: MeetingId) {
    return quorumOf(this.records, home, this.reviewOn(id))
  }

  missing(id: MeetingId) {
    const review = this.reviewOn(id)
    return missingOf(review.study, this.minutes(id), review, this.quorum(id))
  }
}
