import { EventEmitter, once } from 'node:events'
import { type PersonId, personId } from '#domain/ids'
import type { Http, HttpAnswer, HttpRequest } from '#platform/http'
import { SessionKeeper } from '#platform/session-keeper'
import type { Session } from '#protocol/sessions'
import { SignedOut, Unreachable } from '#sync/server-link'
import { linXiao, secretary } from '../support/cast'
import { memoryKeyValueStore } from '../support/memory-store'

const minute = 60_000

/** A server of sessions in memory: every refresh token is good once. */
class SessionServer {
  readonly asked: string[] = []
  weather: 'clear' | 'no-answer' | 'answer-lost' = 'clear'
  isEnded = false
  private gate: Promise<void> = Promise.resolve()
  private turn = 0
  private readonly good = new Map<string, string>()

  readonly http: Http = async (request) => {
    this.asked.push(request.path)
    await this.gate
    if (this.weather === 'no-answer') throw new Unreachable('no answer')
    const answer = this.answer(request)
    if (this.weather === 'answer-lost') throw new Unreachable('no answer')
    return answer
  }

  private answer({ path, body, accessToken }: HttpRequest): HttpAnswer {
    if (path === '/v1/sessions/demo')
      return { is: 'ok', body: this.next((body as { personId: string }).personId) }
    if (path === '/v1/sessions/end') {
      this.isEnded = accessToken !== undefined
      return { is: 'ok', body: undefined }
    }
    const { refreshToken } = body as { refreshToken: string } // the only other path
    const owner = this.good.get(refreshToken)
    this.good.delete(refreshToken)
    if (owner === undefined || this.isEnded) {
      return {
        is: 'problem',
        status: 401,
        problem: { code: 'signed-out', message: '登录已失效', traceId: 't' },
      }
    }
    return { is: 'ok', body: this.next(owner) }
  }

  private next(owner: string): Session {
    this.turn += 1
    this.good.set(`refresh-${this.turn}`, owner)
    return {
      personId: personId(owner),
      name: owner,
      accessToken: `access-${owner}-${this.turn}`,
      expiresAt: 0, // the server's clock: the phone goes by its own
      refreshToken: `refresh-${this.turn}`,
    }
  }

  /** Requests made from here on wait for their answer until the gate is opened; those made after it
   *  is lifted do not. */
  closeGate(): () => void {
    const { promise, open } = gate()
    this.gate = promise
    return open
  }

  liftGate(): void {
    this.gate = Promise.resolve()
  }

  get refreshes(): number {
    return this.asked.filter((path) => path === '/v1/sessions/refresh').length
  }
}

function gate() {
  const events = new EventEmitter()
  return { promise: once(events, 'open').then(() => undefined), open: () => void events.emit('open') }
}

function phone() {
  const server = new SessionServer()
  const store = memoryKeyValueStore()
  const clock = { now: 1_000_000 }
  const started = () => new SessionKeeper(store, server.http, () => clock.now)
  return { server, store, clock, started, sessions: started() }
}

async function signIn(sessions: SessionKeeper, server: SessionServer, personId: PersonId) {
  const answer = await server.http({ method: 'POST', path: '/v1/sessions/demo', body: { personId } })
  await sessions.begin(answer.is === 'ok' ? answer.body : undefined)
}

async function signedIn() {
  const made = phone()
  await signIn(made.sessions, made.server, linXiao.personId)
  return made
}

test('a new access token serves for a quarter of an hour less a little', async () => {
  const { sessions, server, clock } = await signedIn()
  clock.now += 12 * minute
  expect(await sessions.accessToken()).toBe('access-lin-xiao-1')
  clock.now += 2 * minute
  expect(await sessions.accessToken()).toBe('access-lin-xiao-2')
  expect(server.refreshes).toBe(1)
})

test('of five who need a new access token at the same moment one asks', async () => {
  const { sessions, server, clock } = await signedIn()
  clock.now += 20 * minute
  const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => sessions.accessToken()))
  expect(new Set(tokens)).toEqual(new Set(['access-lin-xiao-2']))
  expect(server.refreshes).toBe(1)
  clock.now += 20 * minute
  expect(await sessions.accessToken()).toBe('access-lin-xiao-3') // and the next one is asked for anew
})

test('a session the server has ended is over, and says so each time', async () => {
  const { sessions, server, clock } = await signedIn()
  server.isEnded = true
  clock.now += 20 * minute
  await expect(sessions.accessToken()).rejects.toBeInstanceOf(SignedOut)
  await expect(sessions.accessToken()).rejects.toBeInstanceOf(SignedOut)
})

test('without network the session is kept, and goes on when there is one', async () => {
  const { sessions, server, clock, store } = await signedIn()
  const kept = new Map(store.entries)
  clock.now += 20 * minute
  server.weather = 'no-answer'
  await expect(sessions.accessToken()).rejects.toBeInstanceOf(Unreachable)
  expect(store.entries).toEqual(kept)
  server.weather = 'clear'
  expect(await sessions.accessToken()).toBe('access-lin-xiao-2')
})

test('an answer that is no session changes nothing', async () => {
  const { sessions, clock, store, started } = await signedIn()
  const kept = new Map(store.entries)
  const odd = new SessionKeeper(
    store,
    async () => ({ is: 'ok', body: { hello: 1 } }),
    () => clock.now,
  )
  await odd.resume()
  await expect(odd.accessToken()).rejects.toBeInstanceOf(Unreachable)
  expect(store.entries).toEqual(kept)
  expect((await started().resume())?.personId).toBe(linXiao.personId)
  expect(await sessions.accessToken()).toBe('access-lin-xiao-1')
})

test('the next refresh token is on the disk before its access token is used', async () => {
  const { sessions, store, clock } = await signedIn()
  clock.now += 20 * minute
  store.fault = (call) => {
    if (call === 'set') throw new Error('EIO')
    return undefined
  }
  await expect(sessions.accessToken()).rejects.toThrow('EIO')
  store.fault = undefined
  const { refreshToken } = JSON.parse(store.entries.get('session/lin-xiao') ?? '') as Session
  expect(refreshToken).toBe('refresh-1') // the one the server takes again when its answer was lost
})

test('after a start the same person is there, and their first request renews the token', async () => {
  const { started, server } = await signedIn()
  const next = started()
  expect(await next.resume()).toMatchObject({ personId: linXiao.personId, name: linXiao.personId })
  expect(await next.accessToken()).toBe('access-lin-xiao-2')
  expect(server.refreshes).toBe(1)
})

test('nobody is signed in on a new phone', async () => {
  const { sessions, server } = phone()
  expect(await sessions.resume()).toBeUndefined()
  await expect(sessions.accessToken()).rejects.toBeInstanceOf(SignedOut)
  expect(server.asked).toEqual([])
})

test('a session that was half written counts as none: signing in again mends it', async () => {
  const { started, store } = await signedIn()
  const kept = store.entries.get('session/lin-xiao') ?? ''
  store.entries.set('session/lin-xiao', kept.slice(0, kept.length / 2))
  expect(await started().resume()).toBeUndefined()
})

test('a store that cannot be read is not taken for one without a session', async () => {
  const { started, store } = await signedIn()
  store.fault = () => {
    throw new Error('EIO')
  }
  await expect(started().resume()).rejects.toThrow('EIO')
})

test('what is no session signs nobody in', async () => {
  const { sessions, store } = phone()
  await expect(sessions.begin({ personId: linXiao.personId })).rejects.toBeInstanceOf(Unreachable)
  expect([...store.entries]).toEqual([])
  await expect(sessions.accessToken()).rejects.toBeInstanceOf(SignedOut)
})

describe('signing out', () => {
  test('ends the session on the server and leaves nothing on the phone', async () => {
    const { sessions, server, store } = await signedIn()
    await sessions.signOut()
    expect(server.isEnded).toBe(true)
    expect([...store.entries]).toEqual([])
    await expect(sessions.accessToken()).rejects.toBeInstanceOf(SignedOut)
  })

  test('without network signs this phone out all the same', async () => {
    const { sessions, server, store, started } = await signedIn()
    server.weather = 'no-answer'
    await sessions.signOut()
    expect([...store.entries]).toEqual([])
    expect(await started().resume()).toBeUndefined()
  })

  test('while a renewal is under way does not bring the session back', async () => {
    const { sessions, server, store, clock } = await signedIn()
    clock.now += 20 * minute
    const open = server.closeGate()
    const token = sessions.accessToken()
    token.catch(() => undefined)
    const out = sessions.signOut()
    open()
    await out
    await expect(token).rejects.toBeInstanceOf(SignedOut)
    expect([...store.entries]).toEqual([])
    await expect(sessions.accessToken()).rejects.toBeInstanceOf(SignedOut)
  })
})

describe('two people on one phone', () => {
  test('each keeps a session of their own, and a link asks for either', async () => {
    const { sessions, server, started } = await signedIn()
    await signIn(sessions, server, secretary.personId)
    expect((await started().resume())?.personId).toBe(secretary.personId)
    const next = started()
    expect((await next.resume(linXiao.personId))?.personId).toBe(linXiao.personId)
    expect(await next.accessToken()).toContain(linXiao.personId)
    expect(await started().resume(personId('nobody'))).toBeUndefined()
  })

  test('a renewal under way for the one is never the token of the other', async () => {
    const { sessions, server, clock } = await signedIn()
    clock.now += 20 * minute
    const open = server.closeGate()
    const first = sessions.accessToken()
    first.catch(() => undefined)
    server.liftGate()
    await signIn(sessions, server, secretary.personId)
    clock.now += 20 * minute
    const second = sessions.accessToken()
    open()
    expect(await second).toContain(secretary.personId)
    await expect(first).rejects.toBeInstanceOf(SignedOut)
    expect(await sessions.accessToken()).toContain(secretary.personId)
  })
})
