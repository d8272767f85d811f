import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import type { PersonId } from '#domain/ids'
import { memberScope, reviewScope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { buildApp } from '#server/app'
import { Sessions } from '#server/sessions'
import { type Database, openDatabase } from '#server/storage/database'
import { at, chenLi, home, linXiao, week, wuGuifang } from '../support/branch'
import { TestPhone, type TestServer, testServer } from '../support/server'

/** Several servers behind any balancer, on one database: a phone may find another at each request. */

const nodeCount = 3

jest.setTimeout(60_000)

interface Nodes {
  readonly server: TestServer
  readonly apps: readonly FastifyInstance[]
  close(): Promise<void>
}

let nodes: Nodes
beforeAll(async () => {
  nodes = await startNodes()
})
afterAll(() => nodes.close())

async function startNodes(): Promise<Nodes> {
  const server = await testServer()
  const databases = Array.from({ length: nodeCount - 1 }, () => openDatabase(server.url, { connections: 4 }))
  const others = await Promise.all(databases.map((database) => nodeOn(database, () => server.clock.now)))
  return {
    server,
    apps: [server.app, ...others],
    async close() {
      for (const app of others) await app.close()
      for (const database of databases) await database.pool.end()
      await server.close()
    },
  }
}

const nodeOn = (database: Database, now: () => number) =>
  buildApp({ database, now, isDemo: false, isLoopback: true, logLevel: 'silent' })

const post = (node: number, url: string, payload: object, token?: string) =>
  appAt(node).inject({
    method: 'POST',
    url,
    payload,
    headers: token ? { authorization: `Bearer ${token}` } : {},
  })

function appAt(node: number): FastifyInstance {
  const app = nodes.apps[node % nodeCount]
  if (app === undefined) throw new Error('there is no such node')
  return app
}

async function sessionOf(who: PersonId): Promise<Session> {
  const sessions = await Sessions.open(nodes.server.database, () => nodes.server.clock.now)
  const session = await sessions.begin(who)
  if (session === undefined) throw new Error(`${who} is nobody here`)
  return session
}

/** What one phone has of the servers so far; it sends by hand, to whichever it is told. */
class WanderingPhone {
  readonly outcomes = new Map<number, string>()
  readonly problems: string[] = []
  last = 0
  private cursors: SyncRequest['pull'] = {}
  private readonly wire: TestPhone

  constructor(private session: Session) {
    this.wire = new TestPhone(appAt(0), session.personId, session, nodes.server.clock)
  }

  get device(): string {
    return this.wire.device
  }

  nextFeedback() {
    const { command, scope, ...rest } = this.wire.command('send-feedback', {
      kind: 'question',
      words: '投影看不清',
    })
    return { command, scope: 'organization:association' as const, ...rest }
  }

  /** The same request to several nodes at the same moment. */
  async sendTo(where: readonly number[], push: SyncRequest['push']): Promise<void> {
    const body = { ...this.wire.request(push), pull: this.cursors }
    const answers = await Promise.all(
      where.map((node) => post(node, '/v1/sync', body, this.session.accessToken)),
    )
    for (const answer of answers) {
      if (answer.statusCode === 200) this.take(answer.json<SyncAnswer>())
      else this.problems.push(`${answer.statusCode} ${answer.body}`)
    }
  }

  async renewAt(node: number): Promise<void> {
    const { refreshToken } = this.session
    const answer = await post(node, '/v1/sessions/refresh', { refreshToken })
    if (answer.statusCode === 200) this.session = answer.json<Session>()
    else this.problems.push(`renewal: ${answer.statusCode}`)
  }

  private take(answer: SyncAnswer): void {
    for (const { id, result } of answer.outcomes) {
      const before = this.outcomes.get(id)
      if (before !== undefined && before !== result.outcome) this.problems.push(`${id} was decided twice`)
      this.outcomes.set(id, result.outcome)
    }
    this.last = Math.max(this.last, answer.last)
    for (const [scope, news] of Object.entries(answer.scopes)) {
      const has = this.cursors[scope]?.seq ?? 0
      // An answer that was overtaken is left alone, as the app does.
      if (news.is === 'rows' && news.from <= has && news.seq > has)
        this.cursors[scope] = { epoch: news.epoch, seq: news.seq }
    }
  }

  seqOf(scope: string): number {
    return this.cursors[scope]?.seq ?? 0
  }
}

/** What a phone does next, and where. */
const node = fc.integer({ min: 0, max: nodeCount - 1 })
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('feedback' as const),
      where: fc.uniqueArray(node, { minLength: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('renew' as const),
      where: fc.uniqueArray(node, { minLength: 1, maxLength: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('look' as const),
      where: fc.uniqueArray(node, { minLength: 1 }),
    }),
  },
)

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

/** What came of it, and what is kept. A phone that does it anew gives every repetition a number of its
 *  own, which is wrong: to see that it would be told. */
async function wander(steps: readonly Step[], manner: 'repeats' | 'does-it-anew' = 'repeats') {
  const phone = new WanderingPhone(await sessionOf(linXiao))
  const acts: number[] = []
  for (const { does, where } of steps) {
    if (does === 'renew') await phone.renewAt(where[0] ?? 0)
    else if (does === 'look') await phone.sendTo(where, [])
    else {
      const command = phone.nextFeedback()
      acts.push(command.id)
      if (manner === 'repeats') await phone.sendTo(where, [command])
      else
        for (const each of where)
          await phone.sendTo([each], [each === where[0] ? command : phone.nextFeedback()])
    }
  }
  await phone.sendTo([0], [])
  const { pool } = nodes.server.database
  const { rows } = await pool.query<{ key: string }>(
    `SELECT key FROM rows WHERE scope = $1 AND type = 'ticket' AND key LIKE $2 ORDER BY key`,
    [memberScope(linXiao), `${phone.device}.%`],
  )
  const heads = await pool.query<{ head: number }>('SELECT head FROM scopes WHERE scope = $1', [
    memberScope(linXiao),
  ])
  return {
    acts,
    kept: rows.map(({ key }) => Number(key.split('.')[1])),
    outcomes: [...phone.outcomes].sort(([a], [b]) => a - b),
    last: phone.last,
    problems: phone.problems,
    isUpToDate: phone.seqOf(memberScope(linXiao)) === heads.rows[0]?.head,
  }
}

test('a phone that meets another node at each request loses nothing and doubles nothing', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { acts, ...found } = await wander(steps)
      expect(found).toEqual({
        kept: acts,
        outcomes: acts.map((id) => [id, 'accepted']),
        last: acts.length,
        problems: [],
        isUpToDate: true,
      })
    }),
    { numRuns: 20 },
  ))

test('what is done twice would be told', async () => {
  const { acts, kept } = await wander([{ does: 'feedback', where: [0, 1] }], 'does-it-anew')
  expect(acts).toHaveLength(1)
  expect(kept).toHaveLength(2)
})

test('the same check-in at all nodes at the same moment is one line', async () => {
  const phone = new TestPhone(appAt(0), chenLi, await sessionOf(chenLi), nodes.server.clock)
  const body = phone.request([phone.command('check-in', { week })])
  const answers = await Promise.all(
    nodes.apps.map((_, each) => post(each, '/v1/sync', body, phone.session.accessToken)),
  )
  expect(answers.map((each) => each.json<SyncAnswer>().outcomes)).toEqual(
    nodes.apps.map(() => [{ id: 1, result: { outcome: 'accepted' } }]),
  )
  const { rows } = await nodes.server.database.pool.query(
    `SELECT scope, value->'version' AS version FROM rows
      WHERE type = 'register-line' AND key LIKE $1 AND (scope = $2 OR scope = $3) ORDER BY scope`,
    [`${week}/%`, memberScope(chenLi), reviewScope(home)],
  )
  expect(rows).toEqual([
    { scope: memberScope(chenLi), version: 1 },
    { scope: reviewScope(home), version: 1 },
  ])
})

test('a command that would leave a gap is not taken, whichever node it meets first', async () => {
  const phone = new TestPhone(appAt(0), wuGuifang, await sessionOf(wuGuifang), nodes.server.clock)
  const [first, second] = [phone.command('check-in', { week }), phone.command('check-in', { week })]
  const token = phone.session.accessToken
  const early = await post(1, '/v1/sync', phone.request([second]), token)
  expect(early.json<SyncAnswer>()).toMatchObject({ last: 0, outcomes: [] })
  await post(2, '/v1/sync', phone.request([first]), token)
  expect((await post(1, '/v1/sync', phone.request([second]), token)).json<SyncAnswer>().last).toBe(2)
})

describe('a session', () => {
  test('ended at one node is over at all others at once', async () => {
    const session = await sessionOf(linXiao)
    const looksAt = async (each: number) => {
      const phone = new TestPhone(appAt(each), linXiao, session, nodes.server.clock)
      return (await phone.post(phone.request())).statusCode
    }
    expect(await Promise.all(nodes.apps.map((_, each) => looksAt(each)))).toEqual([200, 200, 200])
    expect((await post(1, '/v1/sessions/end', {}, session.accessToken)).statusCode).toBe(204)
    expect(await Promise.all(nodes.apps.map((_, each) => looksAt(each)))).toEqual([401, 401, 401])
    for (const each of [0, 1, 2]) {
      const { refreshToken } = session
      expect((await post(each, '/v1/sessions/refresh', { refreshToken })).statusCode).toBe(401)
    }
  })

  test('whose used refresh token comes again at another node ends everywhere', async () => {
    const session = await sessionOf(linXiao)
    const next = (
      await post(0, '/v1/sessions/refresh', { refreshToken: session.refreshToken })
    ).json<Session>()
    const phone = new TestPhone(appAt(1), linXiao, next, nodes.server.clock)
    expect((await phone.post(phone.request())).statusCode).toBe(200) // the successor is in use
    expect((await post(2, '/v1/sessions/refresh', { refreshToken: session.refreshToken })).statusCode).toBe(
      401,
    )
    expect((await phone.post(phone.request())).statusCode).toBe(401)
  })

  test('renewed at one node is good at the others', async () => {
    nodes.server.clock.now = at('08:26')
    const session = await sessionOf(linXiao)
    nodes.server.clock.now += 16 * 60_000
    const next = (
      await post(1, '/v1/sessions/refresh', { refreshToken: session.refreshToken })
    ).json<Session>()
    const phone = new TestPhone(appAt(2), linXiao, next, nodes.server.clock)
    expect((await phone.post(phone.request())).statusCode).toBe(200)
  })
})
