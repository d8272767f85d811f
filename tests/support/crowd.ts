import { setTimeout as sleep } from 'node:timers/promises'
import { dayOf, type Week, weeksFrom } from '#domain/day'
import { personId } from '#domain/ids'
import type { Change } from '#domain/records'
import { branchScope } from '#domain/scopes'
import type { WeeklyStudy } from '#domain/weekly-study'
import { keepOrganization } from '#server/organization-of'
import { Sessions } from '#server/sessions'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { writeChanges } from '#server/storage/rows'
import { association, elsewhere, home, TestBranch } from './branch'
import { type Manner, PatientPhone } from './patient-phone'
import { changesOf } from './server'
import { within, withinMs } from './within'

export interface CrowdOptions {
  readonly databaseUrl: string
  /** Of the servers: each phone goes from one to the next. */
  readonly addresses: readonly string[]
  readonly manner?: Manner | undefined
  /** The longest that a phone rests between check-ins. */
  readonly restMs?: number | undefined
}

const phoneCount = 8
/** As many are always planned ahead, and as many again where fewer are left. */
const weeksAhead = 1_000
/** No job has anything to do with weeks of these years: one would close a register, and a check-in after it
 *  would be a second writing of the same line. */
const longPast = { from: '1000-W01', until: '2000' } as const
const hour = 3_600_000

/** Members of two branches who check in without end, and the database where it must all be found. */
export class Crowd {
  private readonly weeks: Week[] = []
  private running: Promise<unknown> | undefined

  private constructor(
    public database: Database,
    readonly phones: readonly PatientPhone[],
    private readonly model: WeeklyStudy,
  ) {}

  static async prepare({ databaseUrl, addresses, manner, restMs }: CrowdOptions): Promise<Crowd> {
    const database = openDatabase(databaseUrl, { connections: 4 })
    await migrate(database)
    await keepOrganization(database, association)

    const branch = new TestBranch()
    const people = Array.from({ length: phoneCount }, (_, index) => ({
      who: personId(`member-${index + 1}`),
      of: index % 2 === 0 ? home : elsewhere,
    }))
    for (const { who, of } of people) branch.enrol(who, { branchId: of })
    await inTransaction(database, (client) => writeChanges(client, changesOf(branch)))

    const sessions = await Sessions.open(database, Date.now)
    const phones = people.map(
      ({ who, of }) =>
        new PatientPhone(who, of, {
          addresses,
          signIn: () => sessions.begin(who),
          manner: manner ?? 'asks-again',
          restMs: restMs ?? 0,
        }),
    )
    const crowd = new Crowd(database, phones, branch.study())
    await crowd.planAhead()
    return crowd
  }

  /** The phones begin, and go on whether a server is there or not. Rejects when one cannot. */
  checkIns(): Promise<unknown> {
    if (this.running === undefined) {
      this.running = Promise.all(this.phones.map((phone) => phone.run(this.weeks)))
      this.running.catch(() => undefined) // heard by whoever waits for it
    }
    return this.running
  }

  /** So that the weeks last. */
  async planAhead(): Promise<void> {
    const used = Math.max(...this.phones.map(({ weeks }) => weeks.length))
    if (this.weeks.length - used >= weeksAhead) return
    const more = weeksFrom(longPast.from, this.weeks.length + weeksAhead).slice(this.weeks.length)
    if (more.some((week) => week >= longPast.until)) throw new Error('the weeks reach those of the jobs')
    const changes = [home, elsewhere].flatMap((id) => studiesOf(id, this.model, more))
    await inTransaction(this.database, (client) => writeChanges(client, changes))
    this.weeks.push(...more)
  }

  /** Each phone has come one check-in further, that it began after now.
   *  @throws when one has not in time */
  goesOn(): Promise<void> {
    const marks = new Map(this.phones.map((phone) => [phone, phone.answered.size + phone.open.length]))
    return this.everyPhone('went on', (phone) => phone.answered.size > (marks.get(phone) ?? 0))
  }

  /** Each phone has been told so often to come back, from now on.
   *  @throws when one was not in time */
  isTurnedAway(times: number): Promise<void> {
    const marks = new Map(this.phones.map((phone) => [phone, phone.turnedAway + times]))
    return this.everyPhone('was told to come back', (phone) => phone.turnedAway >= (marks.get(phone) ?? 0))
  }

  private async everyPhone(what: string, hasDone: (phone: PatientPhone) => boolean): Promise<void> {
    const done = within(
      () => this.phones.every(hasDone),
      () => `not every phone ${what}: ${this.phones.map(summaryOf).join('; ')}`,
    )
    await Promise.race([done, this.checkIns()])
  }

  /** Says whether every phone came to its end: one that was told what was not kept waits for ever. */
  async settle(): Promise<boolean> {
    for (const phone of this.phones) phone.finish()
    return Promise.race([this.checkIns().then(() => true), sleep(withinMs, false, { ref: false })])
  }

  get problems(): string[] {
    return this.phones.flatMap((phone) => phone.problems)
  }

  get turnedAway(): number {
    return this.phones.reduce((sum, phone) => sum + phone.turnedAway, 0)
  }

  /** The same database at another address. */
  async findDatabaseAt(url: string): Promise<void> {
    await this.database.close()
    this.database = openDatabase(url, { connections: 4 })
  }

  async leave(): Promise<void> {
    for (const phone of this.phones) phone.switchOff()
    await this.running?.catch(() => undefined)
    await this.database.close()
  }
}

const summaryOf = ({ attempts, answered, turnedAway, problems }: PatientPhone) =>
  `${attempts} attempts, ${answered.size} answered, ${turnedAway} turned away ${problems.join(', ')}`

/** As the branch's own study of another week, held today and open for hours, for every week. */
function studiesOf(id: typeof home, model: WeeklyStudy, weeks: readonly Week[]): Change[] {
  if (model.state !== 'open') throw new Error('the study to copy is not open')
  const now = Date.now()
  const [begins, ends] = [now - hour, now + 6 * hour]
  const times = { opensAt: begins, startsAt: begins, onTimeUntil: ends, endsAt: ends, closesAt: ends }
  return weeks.map((week) => ({
    scope: branchScope(id),
    type: 'weekly-study',
    key: week,
    value: {
      ...model,
      ...times,
      week,
      heldOn: dayOf(now),
      registerClosesAt: ends,
      graceEndsAt: ends,
      isOverridden: true,
    },
  }))
}
