import type { FastifyInstance } from 'fastify'
import { type CommandName, wireName } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import type { Change } from '#domain/records'
import { branchScope, type Scope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { buildApp } from '#server/app'
import { keepOrganization } from '#server/organization-of'
import { Sessions } from '#server/sessions'
import type { ReminderTemplate } from '#server/settings'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { writeChanges } from '#server/storage/rows'
import { association, at, home, TestBranch } from './branch'
import { freshDatabase } from './database'
import { wechatAccount } from './fake-wechat'

export const metricsToken = 'a token for the measures'.replaceAll(' ', '-')

/** The records of a branch of the tests, as they would be written. */
export const changesOf = (branch: TestBranch): Change[] =>
  (JSON.parse(branch.records.snapshot()) as [string, unknown][]).map(([name, value]) => {
    const [scope = '', type = '', ...key] = name.split(' ')
    return { scope, type, key: key.join(' '), value } as Change // as MemoryRecords wrote it
  })

export interface TestServer {
  readonly app: FastifyInstance
  readonly database: Database
  readonly url: string
  readonly clock: { now: number }
  readonly sessions: Sessions
  phone(who: PersonId): Promise<TestPhone>
  write(changes: readonly Change[]): Promise<void>
  close(): Promise<void>
}

interface TestServerOptions {
  isDemo?: boolean
  isLoopback?: boolean
  branch?: TestBranch
  /** WeChat's address; its account is that of the fake. */
  wechatUrl?: string
  isCloud?: boolean
  reminders?: ReminderTemplate
  /** Hears the log, which is silent otherwise. */
  logStream?: { write(line: string): void }
}

/** The real server on a database of its own, with the people of the test branch and a clock to set. */
export async function testServer({
  isDemo = false,
  isLoopback = true,
  branch = new TestBranch(),
  wechatUrl = 'http://127.0.0.1:9',
  isCloud = false,
  reminders,
  logStream,
}: TestServerOptions = {}): Promise<TestServer> {
  const { url, drop } = await freshDatabase()
  const database = openDatabase(url)
  await migrate(database)
  await keepOrganization(database, association)
  const write = (changes: readonly Change[]) =>
    inTransaction(database, (client) => writeChanges(client, changes))
  await write(changesOf(branch))
  const clock = { now: at('08:26') }
  const now = () => clock.now
  const log = logStream === undefined ? { logLevel: 'silent' } : { logLevel: 'debug', logStream }
  const { appId, secret, token, encodingAesKey: aesKey } = wechatAccount
  const app = await buildApp({
    database,
    now,
    isDemo,
    isLoopback,
    publicUrl: 'https://study.example.org',
    wechat: {
      appId,
      secret,
      baseUrl: wechatUrl,
      secretKey: Buffer.alloc(32, 7),
      push: { token, aesKey },
      isCloud,
      reminders,
    },
    metricsToken,
    ...log,
  })
  const sessions = await Sessions.open(database, now)
  return {
    app,
    database,
    url,
    clock,
    sessions,
    write,
    async phone(who) {
      const session = await sessions.begin(who)
      if (session === undefined) throw new Error(`${who} is nobody here`)
      return new TestPhone(app, who, session, clock)
    },
    async close() {
      await app.close()
      await database.close()
      await drop()
    },
  }
}

let phones = 0

/** Speaks the wire by hand, so that it shares nothing with the app's own client. */
export class TestPhone {
  readonly device = `testdevice${String(++phones).padStart(8, '0')}`
  private next = 1
  cursors: SyncRequest['pull'] = {}
  private heardAt: number | undefined

  constructor(
    private readonly app: FastifyInstance,
    readonly who: PersonId,
    readonly session: Session,
    private readonly clock: { now: number },
  ) {}

  command(name: CommandName, args: object, scope: Scope = branchScope(home)) {
    const { heardAt, clock } = this
    return { id: this.next++, command: wireName(name), scope, args, claimedAt: clock.now, heardAt }
  }

  request(push: SyncRequest['push'] = []): SyncRequest {
    return { device: this.device, actor: this.who, acked: 0, push, pull: this.cursors }
  }

  post(body: unknown, token: string | undefined = this.session.accessToken) {
    return this.app.inject({
      method: 'POST',
      url: '/v1/sync',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    })
  }

  async sync(push: SyncRequest['push'] = []): Promise<SyncAnswer> {
    const response = await this.post(this.request(push))
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
    const answer = response.json<SyncAnswer>()
    this.heardAt = answer.now
    for (const [scope, news] of Object.entries(answer.scopes)) {
      if (news.is === 'gone') delete this.cursors[scope]
      else this.cursors[scope] = { epoch: news.epoch, seq: news.seq }
    }
    return answer
  }

  /** Does one thing; its outcome, or the refusal's code. */
  async does(name: CommandName, args: object, scope?: Scope): Promise<string> {
    const command = this.command(name, args, scope)
    const answer = await this.sync([command])
    const result = answer.outcomes.find(({ id }) => id === command.id)?.result
    if (result === undefined) throw new Error('no outcome')
    return result.outcome === 'refused' ? result.refusal.code : result.outcome
  }
}
