import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Change } from '#domain/records'
import { branchScope, leaveScope, memberScope, reviewScope } from '#domain/scopes'
import { buildApp } from '#server/app'
import { closeDue } from '#server/jobs/close-due'
import { syncStore } from '#server/storage/sync-store'
import type { SyncStore } from '#server/sync/store'
import { tellingStore } from '#server/watch/telling-store'
import {
  admin,
  at,
  chenLi,
  committeeMember,
  home,
  linXiao,
  TestBranch,
  week,
  zhouSecretary,
} from '../support/branch'
import { TestPhone, type TestServer, testServer } from '../support/server'

jest.setTimeout(30_000)

interface Answered {
  readonly status: number
  readonly body: { changed?: boolean; error?: { code: string; retryAfterMs?: number } }
}

/** A watch over the network; what it was answered, or undefined as long as there is no answer. */
function watchAt(url: string, phone: TestPhone, headers: Record<string, string> = {}) {
  const leaving = new AbortController()
  let answer: Answered | undefined
  const done = fetch(`${url}/v1/watch`, {
    method: 'POST',
    signal: leaving.signal,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${phone.session.accessToken}`,
      ...headers,
    },
    body: JSON.stringify({ scopes: phone.cursors }),
  }).then(async (response) => {
    answer = { status: response.status, body: (await response.json()) as Answered['body'] } // of our server
    return answer
  })
  done.catch(() => undefined) // it left
  return { done, leave: () => leaving.abort(), isAnswered: () => answer !== undefined }
}

const changed = { status: 200, body: { changed: true } }
const unchanged = { status: 200, body: { changed: false } }

let server: TestServer
let nodes: FastifyInstance[]
beforeEach(async () => {
  server = await testServer()
  nodes = []
})
afterEach(async () => {
  for (const node of nodes) await stop(node)
  server.app.server.closeAllConnections()
  await server.close()
})

/** Another server on the same database. */
async function node({ room = 100, holdMs = 1_200, holdInCloudMs = 600_000 } = {}) {
  const { database, clock } = server
  const app = await buildApp({
    database,
    now: () => clock.now,
    isDemo: false,
    isLoopback: true,
    logLevel: 'silent',
    watches: { room, holdMs, holdInCloudMs },
  })
  nodes.push(app)
  return { app, url: await app.listen({ port: 0, host: '127.0.0.1' }) }
}
/** As `main.ts` does: what has had its answer would be kept open for the phone's next request. */
async function stop(app: FastifyInstance) {
  const idle = setInterval(() => app.server.closeIdleConnections(), 20)
  await app.close()
  clearInterval(idle)
}
const listening = () => server.app.listen({ port: 0, host: '127.0.0.1' })

/** Signed in, with everything fetched. */
async function filled(who = zhouSecretary) {
  const phone = await server.phone(who)
  await phone.sync()
  return phone
}

/** Counts how often the server looks for those who wait; without answers it finds nothing. */
function countLooks({ areAnswered = true } = {}) {
  const seen = { looks: 0 }
  const { pool } = server.database
  const query = pool.query.bind(pool) as (...given: unknown[]) => unknown
  pool.query = ((...given: unknown[]) => {
    const [{ name, values = [] }] = given as [{ name?: string; values?: unknown[][] }]
    // A synchronisation asks so too, but Lin Xiao's never for the secretary's own scope.
    const isLook = name === 'heads' && values[0]?.includes(memberScope(zhouSecretary))
    if (isLook) seen.looks += 1
    return isLook && !areAnswered ? new Promise(() => undefined) : query(...given)
  }) as typeof pool.query // in all its forms, handed on as they came
  return seen
}

describe('a phone that waits is told', () => {
  test('of what another does at this server', async () => {
    const url = await listening()
    const phone = await filled()
    const lin = await server.phone(linXiao)
    const seen = countLooks({ areAnswered: false }) // nothing but the commit itself can tell
    const watch = watchAt(url, phone)
    await sleep(1_500)
    expect(seen.looks).toBe(1)
    expect(await lin.does('check-in', { week })).toBe('accepted')
    expect(await watch.done).toEqual(changed)
  })

  test('of what another does at another server', async () => {
    const url = await listening()
    const { app } = await node()
    const watch = watchAt(url, await filled())
    await sleep(1_500) // it has looked once, and nothing had happened
    const { session } = await server.phone(linXiao)
    expect(watch.isAnswered()).toBe(false)
    expect(await new TestPhone(app, linXiao, session, server.clock).does('check-in', { week })).toBe(
      'accepted',
    )
    expect(await watch.done).toEqual(changed)
  })

  test('of what a job writes', async () => {
    const url = await listening()
    const watch = watchAt(url, await filled(linXiao))
    expect(await closeDue(server.database, at('23:59', '2025-03-30'))).toBe(2)
    expect(await watch.done).toEqual(changed)
  })

  test('of what had happened before it asked', async () => {
    const url = await listening()
    const phone = await filled()
    await (await server.phone(linXiao)).does('check-in', { week })
    expect(await watchAt(url, phone).done).toEqual(changed)
  })

  test('of the first record in a scope that it does not know yet', async () => {
    const { url, app } = await node({ holdMs: 20_000 })
    const phone = await filled()
    expect(phone.cursors).not.toHaveProperty(leaveScope(home))
    for (const scope of Object.keys(phone.cursors)) {
      if (scope !== memberScope(zhouSecretary)) delete phone.cursors[scope]
    }
    const watch = watchAt(url, phone)
    await sleep(1_500)
    expect(watch.isAnswered()).toBe(false) // what it has not asked for is no news by itself
    const { session } = await server.phone(linXiao)
    const lin = new TestPhone(app, linXiao, session, server.clock)
    await lin.does('ask-leave', { week: '2025-W12', kind: 'sick', note: '' })
    await lin.does('ask-leave', { week, kind: 'sick', note: '' })
    expect(await watch.done).toEqual(changed)
  })

  test('that nothing has happened, and then its server keeps nothing', async () => {
    const { url } = await node()
    const phone = await filled()
    const seen = countLooks()
    expect(await watchAt(url, phone).done).toEqual(unchanged)
    expect(seen.looks).toBe(1)
    await sleep(2_500)
    expect(seen.looks).toBe(1)
  })

  test('nothing of what it may not read', async () => {
    const { url } = await node()
    const watch = watchAt(url, await filled(linXiao))
    await (await server.phone(chenLi)).does('check-in', { week }) // in the register, and Chen Li's own
    await (await server.phone(admin)).does(
      'send-feedback',
      { kind: 'suggestion', words: '字大一些' },
      'organization:association',
    )
    expect(await watch.done).toEqual(unchanged)
  })
})

describe('who may wait', () => {
  test.each([
    { what: 'a scope of others', scope: reviewScope(home) },
    { what: 'one that does not exist', scope: 'desk:another' },
    { what: 'no scope at all', scope: '__proto__x' },
  ])('$what is told at once, as a synchronisation says that it is gone', async ({ scope }) => {
    const { url } = await node({ holdMs: 600_000 })
    const phone = await filled(linXiao)
    phone.cursors[scope] = { epoch: 1, seq: 0 }
    expect(await watchAt(url, phone).done).toEqual(changed)
    expect((await phone.sync()).scopes[scope]).toEqual({ is: 'gone' })
    expect(phone.cursors).not.toHaveProperty(scope)
  })

  test('who may no longer read a scope at midnight is told, though nothing was written', async () => {
    await server.close()
    const branch = new TestBranch()
    branch.enrol(linXiao, { spells: [{ from: '2020-01-01', until: '2025-03-11' }] })
    server = await testServer({ branch })
    server.clock.now = at('23:58')
    const { url } = await node()
    const [lin, chen] = [await filled(linXiao), await filled(chenLi)]
    const watches = [watchAt(url, lin), watchAt(url, chen)]
    await sleep(300)
    server.clock.now += 4 * 60_000
    expect(await Promise.all(watches.map(({ done }) => done))).toEqual([changed, unchanged])
    expect((await lin.sync()).scopes[branchScope(home)]).toEqual({ is: 'gone' })
  })

  test('whoever is signed out while they wait hears nothing more', async () => {
    const { url } = await node()
    const phone = await filled()
    const watch = watchAt(url, phone)
    await sleep(300)
    const end = { method: 'POST', url: '/v1/sessions/end' } as const
    const { statusCode } = await server.app.inject({
      ...end,
      headers: { authorization: `Bearer ${phone.session.accessToken}` },
    })
    expect(statusCode).toBe(204)
    expect(await watch.done).toMatchObject({ status: 401, body: { error: { code: 'signed-out' } } })
  })
})

describe('a server', () => {
  test('that stops answers whoever waits, and does not wait for the end of their time', async () => {
    const { app, url } = await node({ holdMs: 600_000 })
    const watches = [watchAt(url, await filled()), watchAt(url, await filled(linXiao))]
    await sleep(300)
    await stop(app)
    expect(await Promise.all(watches.map(({ done }) => done))).toEqual([unchanged, unchanged])
  })

  test('with as many as it takes sends others to come back, and takes them when one has left', async () => {
    const { url } = await node({ room: 1, holdMs: 600_000 })
    const first = watchAt(url, await filled())
    await sleep(300)
    const phone = await filled(linXiao)
    const refused = await watchAt(url, phone).done
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'overloaded' } } })
    expect(refused.body.error?.retryAfterMs).toBeGreaterThan(0)
    first.leave()
    await expect(first.done).rejects.toThrow()
    await sleep(300)
    const second = watchAt(url, phone)
    await sleep(300)
    expect(second.isAnswered()).toBe(false)
  })

  test('looks no more once the last one has left', async () => {
    const { url } = await node({ holdMs: 600_000 })
    const watch = watchAt(url, await filled())
    await sleep(300)
    watch.leave()
    const seen = countLooks()
    await sleep(2_500)
    expect(seen.looks).toBe(0)
  })

  test('keeps one for each phone: the newer ends the older', async () => {
    const { url } = await node({ holdMs: 600_000 })
    const phone = await filled()
    const first = watchAt(url, phone)
    await sleep(300)
    const second = watchAt(url, phone)
    expect(await first.done).toEqual(unchanged)
    expect(second.isAnswered()).toBe(false)
  })

  test('with many waiting holds no connection of the database, and looks for all at once', async () => {
    const { url } = await node({ holdMs: 600_000 })
    const phones = [...Array(40)].map(
      (_, index) => [linXiao, chenLi, zhouSecretary, committeeMember][index % 4],
    )
    const watches = await Promise.all(phones.map(async (who) => watchAt(url, await filled(who))))
    const seen = countLooks()
    await sleep(2_500)
    expect(seen.looks).toBeGreaterThanOrEqual(1)
    expect(seen.looks).toBeLessThanOrEqual(3)
    const { pool } = server.database
    const held = () => pool.totalCount - pool.idleCount + pool.waitingCount
    for (let tries = 0; held() > 0 && tries < 100; tries += 1) await sleep(100) // a look may be under way
    expect(held()).toBe(0)
    expect(watches.some(({ isAnswered }) => isAnswered())).toBe(false)
  })

  test('behind WeChat’s own hosting, which gives requests up, answers sooner', async () => {
    const { url } = await node({ holdMs: 600_000, holdInCloudMs: 300 })
    const phone = await filled()
    const elsewhere = watchAt(url, await filled(linXiao))
    expect(await watchAt(url, phone, { 'x-wx-source': 'wx_client' }).done).toEqual(unchanged)
    expect(elsewhere.isAnswered()).toBe(false)
  })
})

describe('the store that tells', () => {
  const change = {
    scope: branchScope(home),
    type: 'person',
    key: linXiao,
    value: { id: linXiao, name: '林晓' },
  } as const

  test('tells what was written once others can read it, and nothing of what was taken back', async () => {
    const told: unknown[] = []
    const store: SyncStore = tellingStore(syncStore(server.database), (scopes) => {
      const head = syncStore(server.database).heads([...scopes])
      told.push(head.then((heads) => [...heads].map(([scope, { seq }]) => [scope, seq])))
    })
    const before = (await store.heads([branchScope(home)])).get(branchScope(home))?.seq ?? 0
    const unwritable = { ...change, value: { ...change.value, name: '\u0000' } }
    const writing = (changes: readonly Change[]) =>
      store.transaction(async () => ({ result: undefined, writes: { changes } }))
    await expect(writing([change, unwritable])).rejects.toThrow('Unicode')
    expect(told).toEqual([])
    await writing([change])
    expect(await Promise.all(told)).toEqual([[[branchScope(home), before + 1]]])
  })
})
