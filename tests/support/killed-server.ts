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
import { freshDatabase } from './database'
import { type Manner, PatientPhone } from './patient-phone'
import { type KeptBack, PostgresProxy } from './postgres-proxy'
import { changesOf } from './server'
import { ServerProcess } from './server-process'

/** What a killed server left behind: a commit kept back, and what was found of it. */
export interface Kill {
  readonly isCommitted: boolean
  readonly isAnswered: boolean
}

const phoneCount = 8
const withinMs = 20_000
const hour = 3_600_000

/** The real server in its own process, on PostgreSQL through a proxy, under check-ins in two
 *  branches, to be killed at one moment: around a commit of check-ins. */
export class KilledServer {
  private running: Promise<unknown> | undefined

  private constructor(
    readonly database: Database,
    readonly process: ServerProcess,
    readonly phones: readonly PatientPhone[],
    private readonly proxy: PostgresProxy,
    private readonly weeks: readonly Week[],
    private readonly drop: () => Promise<void>,
  ) {}

  static async prepare(weekCount: number, manner: Manner = 'asks-again'): Promise<KilledServer> {
    const { url, drop } = await freshDatabase()
    const database = openDatabase(url, { connections: 4 })
    await migrate(database)
    await keepOrganization(database, association)

    const branch = new TestBranch()
    const people = Array.from({ length: phoneCount }, (_, index) => ({
      who: personId(`member-${index + 1}`),
      of: index % 2 === 0 ? home : elsewhere,
    }))
    for (const { who, of } of people) branch.enrol(who, { branchId: of })
    // Long past, so that no job plans them; held today and open for hours.
    const weeks = weeksFrom('1900-W01', weekCount)
    const changes = [
      ...changesOf(branch),
      ...[home, elsewhere].flatMap((id) => studiesOf(id, branch.study(), weeks)),
    ]
    await inTransaction(database, (client) => writeChanges(client, changes))

    const proxy = await PostgresProxy.open(url)
    const server = await ServerProcess.prepare(proxy.url)
    const sessions = await Sessions.open(database, Date.now)
    const phones = people.map(
      ({ who, of }) => new PatientPhone(who, of, server.url, () => sessions.begin(who), manner),
    )
    return new KilledServer(database, server, phones, proxy, weeks, drop)
  }

  /** Starts it, lets some commits pass, and kills it at the next. The phones begin at the first
   *  start and go on whether it is there or not. Everything that its end brings about has come about
   *  when this resolves. */
  async killAround(keepsBack: KeptBack, passes: number): Promise<Kill> {
    await this.process.start()
    const running = this.checkIns()
    const caught = this.proxy.catchCommit({ keepsBack, passes }, (written) => {
      this.process.kill()
      return this.phones.flatMap((phone) =>
        written.some((text) => text.includes(phone.device)) ? [{ phone, acts: phone.open }] : [],
      )
    })
    const carried = await Promise.race([caught, running.then(tooEarly), failsAfter(withinMs)])
    if ((await this.process.end()) !== 'SIGKILL') throw new Error('the server ended by itself')
    this.proxy.cutOff()
    await Promise.all(this.phones.map((phone) => phone.attempt))
    return {
      isCommitted: carried.length > 0 && (await everyOne(carried, (each) => this.isKept(each))),
      isAnswered: carried.some(({ phone, acts }) =>
        acts.some(({ command }) => phone.answered.has(command.id)),
      ),
    }
  }

  private checkIns(): Promise<unknown> {
    if (this.running === undefined) {
      this.running = Promise.all(this.phones.map((phone) => phone.run(this.weeks)))
      this.running.catch(() => undefined) // heard by whoever waits for it
    }
    return this.running
  }

  /** Asks PostgreSQL itself: outcome, both lines and the number of the device, all or nothing. */
  private async isKept({ phone, acts }: { phone: PatientPhone; acts: PatientPhone['open'] }) {
    const { rows } = await this.database.pool.query<{ outcomes: number; lines: number; last: number }>(
      `SELECT (SELECT count(*) FROM devices, jsonb_array_elements(outcomes) AS told
          WHERE scope = $1 AND device = $2 AND (told->'id')::bigint = ANY($3)) AS outcomes,
        (SELECT count(*) FROM rows WHERE type = 'register-line' AND
          (scope, key) IN (SELECT * FROM unnest($4::text[], $5::text[]))) AS lines,
        (SELECT last FROM devices WHERE scope = $1 AND device = $2) AS last`,
      [
        `member:${phone.who}`,
        phone.device,
        acts.map(({ command }) => command.id),
        acts.flatMap(() => [`member:${phone.who}`, `review:${phone.branch}`]),
        acts.flatMap(({ week }) => [`${week}/${phone.branch}`, `${week}/${phone.who}`]),
      ],
    )
    const [found] = rows
    return (
      acts.length > 0 &&
      found?.outcomes === acts.length &&
      found.lines === 2 * acts.length &&
      found.last === acts.at(-1)?.command.id
    )
  }

  /** Starts it a last time, unharmed. Says whether every phone came to its end: one that was told
   *  what was not kept waits for ever. */
  async settle(): Promise<boolean> {
    await this.process.start()
    for (const phone of this.phones) phone.finish()
    const late = sleep(withinMs, false, { ref: false })
    return Promise.race([this.checkIns().then(() => true), late])
  }

  async close(): Promise<void> {
    for (const phone of this.phones) phone.switchOff()
    await this.running?.catch(() => undefined)
    await this.process.stop()
    await this.proxy.close()
    await this.database.close()
    await this.drop()
  }
}

/** As the branch's own study of another week, for every week. */
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

async function everyOne<T>(all: readonly T[], holds: (each: T) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(all.map(holds))).every(Boolean)
}

const tooEarly = (): never => {
  throw new Error('the phones ended before the server')
}

const failsAfter = (ms: number) =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`nothing happened for ${ms / 1000} s`)), ms).unref()
  })
