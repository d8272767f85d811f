import type { AddressInfo } from 'node:net'
import type { BranchId, PersonId } from '#domain/ids'
import type { Change } from '#domain/records'
import { reviewScope } from '#domain/scopes'
import type { SyncAnswer } from '#protocol/sync'
import { type TestServer, testServer } from '#support/server'
import { few, fillRegister, many } from './filled-branches'
import { median } from './median'
import { RawConnection, requestText } from './raw-connection'

const rounds = 500
/** More in a minute are turned away. */
const requestsPerSession = 250

/** Milliseconds of a round trip, medians of rounds in which both branches were asked in turn. */
export interface Compared {
  readonly few: number
  readonly many: number
}

/** What it takes one server to say that nothing is new, and to say the one thing that is, to the
 *  secretary of a branch with so few lines in its register and to that of one with so many. Their
 *  phones have everything but that one thing. */
export async function pullTimes(lines: {
  few: number
  many: number
}): Promise<{ empty: Compared; oneRow: Compared }> {
  const server = await testServer()
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  try {
    await fillRegister(server.database, few.branch, lines.few)
    await fillRegister(server.database, many.branch, lines.many)
    await server.database.pool.query('VACUUM ANALYZE') // as the database does by itself before long
    const sides = { few: await asking(server, few.secretary), many: await asking(server, many.secretary) }
    const nothing = () => ({ empty: [] as number[], oneRow: [] as number[] })
    const took = { few: nothing(), many: nothing() }
    for (let round = 0; round < rounds; round += 1) {
      // Neither of them always comes first.
      const inTurn = round % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)
      for (const name of inTurn) took[name].empty.push(await sides[name].ask(0))
      await server.write([changed(few.branch, round), changed(many.branch, round)])
      for (const name of inTurn) took[name].oneRow.push(await sides[name].ask(1))
    }
    for (const side of Object.values(sides)) side.close()
    return {
      empty: { few: median(took.few.empty), many: median(took.many.empty) },
      oneRow: { few: median(took.few.oneRow), many: median(took.many.oneRow) },
    }
  } finally {
    await server.close()
  }
}

/** A phone that has all there is, over a connection of its own. `ask` resolves to the time it took.
 *  @throws when there were more or fewer records than expected */
async function asking(server: TestServer, who: PersonId) {
  const phone = await server.phone(who)
  const scopes = Object.keys((await phone.sync()).scopes)
  const { rows } = await server.database.pool.query<{ scope: string; epoch: number; seq: number }>(
    'SELECT scope, epoch, head AS seq FROM scopes WHERE scope = ANY($1)',
    [scopes],
  )
  phone.cursors = Object.fromEntries(rows.map(({ scope, epoch, seq }) => [scope, { epoch, seq }]))
  const { port } = server.app.server.address() as AddressInfo // it listens on TCP
  const connection = await RawConnection.open(port)
  let token = phone.session.accessToken
  let asked = 0
  const ask = async (expected: number): Promise<number> => {
    asked += 1
    if (asked % requestsPerSession === 0) token = (await server.sessions.begin(who))?.accessToken ?? ''
    const header = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const body = JSON.stringify(phone.request())
    const start = performance.now()
    const answer = await connection.send(requestText({ method: 'POST', path: '/v1/sync', header, body }))
    const took = performance.now() - start
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`)
    const { scopes: news } = JSON.parse(answer.body) as SyncAnswer // of the server under measurement
    let records = 0
    for (const [scope, each] of Object.entries(news)) {
      if (each.is === 'gone') throw new Error(`${scope} is gone`)
      phone.cursors[scope] = { epoch: each.epoch, seq: each.seq }
      records += each.rows.length
    }
    if (records !== expected) throw new Error(`${records} records instead of ${expected}`)
    return took
  }
  return { ask, close: () => connection.close() }
}

/** The same record again and again: the register does not grow while it is measured. */
const changed = (branch: BranchId, at: number): Change => ({
  scope: reviewScope(branch),
  type: 'register',
  key: '2025-W11',
  value: { week: '2025-W11', state: 'open', expected: [], version: at + 1 },
})
