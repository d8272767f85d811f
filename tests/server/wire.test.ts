import { type AddressInfo, connect } from 'node:net'
import { createSigner } from 'fast-jwt'
import * as v from 'valibot'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import type { Http } from '#platform/http'
import { httpServerLink } from '#platform/server-link'
import { SessionKeeper } from '#platform/session-keeper'
import { problemSchema } from '#protocol/problem'
import { type SyncAnswer, syncAnswerSchema } from '#protocol/sync'
import { packedRequest, recordForm, unpackedAnswer } from '#protocol/wire'
import { packedAnswerSchema } from '#protocol/wire-schemas'
import { secretOf } from '#server/storage/server-state'
import { home, linXiao, week, zhouSecretary } from '../support/branch'
import { memoryKeyValueStore } from '../support/memory-store'
import { type TestPhone, type TestServer, testServer } from '../support/server'

jest.mock('@tarojs/taro', () => ({}))

let server: TestServer
let lin: TestPhone
beforeEach(async () => {
  server = await testServer()
  lin = await server.phone(linXiao)
})
afterEach(() => server.close())

/** Asks in version 2, with whatever is to stand elsewhere in the list. */
async function packed(phone: TestPhone, push: Parameters<TestPhone['request']>[0] = [], other: object = {}) {
  const list = Object.assign([...packedRequest(phone.request(push))], other)
  const response = await phone.post(list)
  return { status: response.statusCode, body: response.json<unknown>() }
}

const meant = (body: unknown, phone: TestPhone): SyncAnswer =>
  v.parse(syncAnswerSchema, unpackedAnswer(body, phone.who))

describe('version 2', () => {
  test.each([recordForm, 'another'])(
    'says the same as version 1, to a phone that knows records as %s',
    async (form) => {
      const zhou = await server.phone(zhouSecretary)
      await lin.does('check-in', { week })
      await zhou.does('record-attendance', { week, memberId: zhouSecretary, standing: 'late', version: 0 })
      await zhou.does('close-register', { week, version: 0 })
      for (const phone of [lin, zhou]) {
        phone.cursors = { 'branch:branch-9': { epoch: 1, seq: 3 }, [branchScope(home)]: { epoch: 1, seq: 2 } }
        const { body } = await packed(phone, [], { 1: form })
        expect(v.parse(packedAnswerSchema, body)).toEqual(body)
        const named = (await phone.post(phone.request())).json<SyncAnswer>()
        expect(Object.keys(named.scopes).length).toBeGreaterThan(3)
        expect(meant(body, phone)).toEqual(named)
        expect(JSON.stringify(body).includes('"receivedAt"')).toBe(form !== recordForm)
      }
    },
  )

  test('takes a check-in once, and tells what became of it each time', async () => {
    await lin.sync()
    const command = lin.command('check-in', { week })
    for (const _time of [1, 2]) {
      const { status, body } = await packed(lin, [command])
      expect(JSON.stringify(body)).not.toContain('"receivedAt"')
      expect([status, meant(body, lin)]).toMatchObject([
        200,
        { last: 1, outcomes: [{ id: 1, result: { outcome: 'accepted' } }] },
      ])
    }
    const answer = meant((await packed(lin)).body, lin)
    expect(answer.scopes[memberScope(linXiao)]).toMatchObject({
      rows: [['register-line', `${week}/${home}`, { standing: 'on-time', via: 'own' }]],
    })
  })

  test('tells a refusal with its reason, and what a person may not read is gone', async () => {
    lin.cursors = { [reviewScope(home)]: { epoch: 1, seq: 1 } }
    const { body } = await packed(lin, [lin.command('check-in', { week: '2025-W20' })])
    expect(meant(body, lin)).toMatchObject({
      outcomes: [{ id: 1, result: { outcome: 'refused', refusal: { code: 'no-such-study' } } }],
      scopes: { [reviewScope(home)]: { is: 'gone' } },
    })
  })

  test('and version 1 may come from the same phone in turn', async () => {
    await packed(lin, [lin.command('check-in', { week })])
    const answer = await lin.sync([lin.command('ask-leave', { week, kind: 'sick', note: '' })])
    expect(answer).toMatchObject({ last: 2, outcomes: [{ id: 2, result: { outcome: 'refused' } }] })
  })

  test.each([
    { what: 'another version', other: { 0: 3 } },
    { what: 'a form that is none', other: { 1: 'x'.repeat(50) } },
    { what: 'a device that is none', other: { 2: 'phone' } },
    { what: 'an actor that is none', other: { 3: '林晓' } },
    { what: 'half a sequence', other: { 4: 0.5 } },
    { what: 'no list of commands', other: { 5: {} } },
    { what: 'a command without a time', other: { 5: [[1, 'check-in@1', `b:${home}`, { week }]] } },
    { what: 'a command at no cursor', other: { 5: [[1, 'check-in@1', 0, { week }, 1]] } },
    { what: 'a command at a place that is none', other: { 5: [[1, 'check-in@1', 'x:y', { week }, 1]] } },
    { what: 'commands past the limit', other: { 5: Array(51).fill([1, 'void@1', 'm', {}, 1]) } },
    { what: 'a cursor that is none', other: { 6: { m: 'everything' } } },
    { what: 'half a cursor', other: { 6: { m: [1] } } },
  ])('with $what is malformed', async ({ other }) => {
    expect(await packed(lin, [], other)).toMatchObject({
      status: 400,
      body: { error: { code: 'malformed' } },
    })
  })

  test('with the outbox of another is turned away', async () => {
    expect(await packed(lin, [], { 3: zhouSecretary })).toMatchObject({
      status: 403,
      body: { error: { code: 'wrong-actor' } },
    })
  })
})

test('a phone that holds an access token as servers wrote them before is let in again, and goes on', async () => {
  const refreshes: string[] = []
  const http: Http = async ({ method, path, body, accessToken }) => {
    if (path === '/v1/sessions/refresh') refreshes.push(path)
    const headers = {
      'content-type': 'application/json',
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    }
    const payload = JSON.stringify(body ?? {})
    const response = await server.app.inject({ method, url: path, headers, payload })
    if (response.statusCode < 300) return { is: 'ok', body: response.json() }
    const { error } = v.parse(problemSchema, response.json())
    return { is: 'problem', status: response.statusCode, problem: error }
  }
  const sign = createSigner({ key: await secretOf(server.database, 'access-token-key'), algorithm: 'HS256' })
  const { session } = lin
  const before = sign({ sub: linXiao, sid: session.refreshToken.split('.')[1], gen: 1, exp: 9e9 })
  const sessions = new SessionKeeper(memoryKeyValueStore(), http, () => server.clock.now)
  await sessions.begin({ ...session, accessToken: before })

  const answer = await httpServerLink(http, sessions).sync(lin.request([lin.command('check-in', { week })]))
  expect(answer.outcomes).toEqual([{ id: 1, result: { outcome: 'accepted' } }])
  expect(refreshes.length).toBe(1)
  expect((await lin.post(lin.request(), before)).statusCode).toBe(401)
})

describe('what stands above an answer', () => {
  /** The lines of it, as they come over a connection; and whether the server ends it then. */
  async function headOf(
    lines: readonly string[],
    body = '{}',
  ): Promise<{ head: string[]; isEnded: boolean }> {
    if (!server.app.server.listening) await server.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = server.app.server.address() as AddressInfo // it listens on TCP
    const socket = connect(port, '127.0.0.1')
    let isEnded = false
    socket.on('end', () => {
      isEnded = true
    })
    const head = new Promise<string[]>((resolve) => {
      let text = ''
      socket.on('data', (piece) => {
        text += piece.toString()
        if (text.includes('\r\n\r\n'))
          resolve(text.slice(0, text.indexOf('\r\n\r\n')).toLowerCase().split('\r\n'))
      })
    })
    const length = `content-length: ${Buffer.byteLength(body)}`
    socket.write(`${[...lines, 'content-type: application/json', length].join('\r\n')}\r\n\r\n${body}`)
    const received = await head
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.destroy()
    return { head: received, isEnded }
  }
  const asLin = () => ['x-request-id: k3f9x2m7qa', `authorization: Bearer ${lin.session.accessToken}`]
  /** With nothing new to tell. */
  const question = async () => {
    await lin.sync()
    return JSON.stringify(packedRequest(lin.request()))
  }
  const namesOf = (head: readonly string[]) => head.slice(1).map((line) => line.split(':')[0])

  test('of a synchronisation is its type and its length, and the connection stays', async () => {
    const { head, isEnded } = await headOf(
      ['POST /v1/sync HTTP/1.1', 'host: a', ...asLin()],
      await question(),
    )
    expect(head[0]).toBe('http/1.1 200 ok')
    expect(head.slice(1).sort()).toEqual([
      expect.stringMatching(/^content-length: \d+$/),
      'content-type: application/json',
    ])
    expect(isEnded).toBe(false)
  })

  test('says the end of a connection, or that one of HTTP/1.0 stays', async () => {
    const closing = await headOf(
      ['POST /v1/sync HTTP/1.1', 'host: a', 'connection: close', ...asLin()],
      await question(),
    )
    expect(closing.head).toContain('connection: close')
    expect(closing.isEnded).toBe(true)
    const old = await headOf(
      ['POST /v1/sync HTTP/1.0', 'connection: keep-alive', ...asLin()],
      await question(),
    )
    expect(old.head).toContain('connection: keep-alive')
    expect(old.isEnded).toBe(false)
    expect((await headOf(['POST /v1/sync HTTP/1.0', ...asLin()], await question())).isEnded).toBe(true)
  })

  test('says not to guess its type where a link could lead to it', async () => {
    const open = await headOf(['POST /v1/sessions/refresh HTTP/1.1', 'host: a'])
    expect(open.head).toContain('x-content-type-options: nosniff')
    expect(namesOf(open.head).sort()).toEqual([
      'content-length',
      'content-type',
      'x-content-type-options',
      'x-request-id',
    ])
  })
})
