import type { Http, HttpAnswer, HttpRequest } from '#platform/http'
import { httpServerLink } from '#platform/server-link'
import { SessionKeeper } from '#platform/session-keeper'
import type { ProblemCode } from '#protocol/problem'
import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { packedAnswer, packedRequest, recordForm } from '#protocol/wire'
import { defaultWatchLimits } from '#server/http/watch-routes'
import { Overloaded, SignedOut, Unreachable } from '#sync/server-link'
import { home, linXiao, TestBranch } from '../support/branch'
import { MemoryServer } from '../support/memory-server'
import { memoryKeyValueStore } from '../support/memory-store'

jest.mock('@tarojs/taro', () => ({}))

const session = {
  personId: linXiao,
  name: '林晓',
  accessToken: 'access-1',
  expiresAt: 0,
  refreshToken: 'refresh-1',
}
const request: SyncRequest = { device: 'd'.repeat(16), actor: linXiao, acked: 0, push: [], pull: {} }
const answer: SyncAnswer = { now: 1, last: 0, outcomes: [], scopes: {}, hint: { nextPollMs: 1000 } }
/** As a server writes it for a phone of this form. */
const said = (original: unknown, form = recordForm): HttpAnswer =>
  ok(JSON.parse(JSON.stringify(packedAnswer(original as SyncAnswer, { actor: linXiao, form })))) // or of a newer one
const ok = (body: unknown): HttpAnswer => ({ is: 'ok', body })
const problem = (status: number, code: ProblemCode, retryAfterMs?: number): HttpAnswer => ({
  is: 'problem',
  status,
  problem: { code, message: '', traceId: '', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
})

/** A link of a signed-in phone, to a server that answers each `/v1/sync` and `/v1/watch` with the
 *  next of these. */
async function linkTo(...answers: HttpAnswer[]) {
  const tokens: (string | undefined)[] = []
  const asked: HttpRequest[] = []
  let turn = 1
  const http: Http = async (request) => {
    if (!/sync|watch/.test(request.path)) return ok({ ...session, accessToken: `access-${turn++}` })
    tokens.push(request.accessToken)
    asked.push(request)
    return answers.shift() ?? problem(500, 'internal')
  }
  const sessions = new SessionKeeper(memoryKeyValueStore(), http, () => 0)
  await sessions.begin({ ...session, accessToken: `access-${turn++}` })
  return { link: httpServerLink(http, sessions), tokens, asked }
}

test('an answer is handed on', async () => {
  const { link, asked } = await linkTo(said(answer))
  expect(await link.sync(request)).toEqual(answer)
  expect(asked).toMatchObject([{ method: 'POST', path: '/v1/sync', body: packedRequest(request) }])
})

test('an access token that is turned away is renewed once, and the request sent again', async () => {
  const { link, tokens } = await linkTo(problem(401, 'signed-out'), said(answer))
  expect(await link.sync(request)).toEqual(answer)
  expect(tokens).toEqual(['access-1', 'access-2'])
})

test.each([
  {
    what: 'turned away twice',
    answers: [problem(401, 'signed-out'), problem(401, 'signed-out')],
    error: SignedOut,
  },
  { what: 'the outbox of another', answers: [problem(403, 'wrong-actor')], error: SignedOut },
  { what: 'too busy', answers: [problem(503, 'overloaded', 4000)], error: Overloaded },
  { what: 'too often', answers: [problem(429, 'too-many-requests', 4000)], error: Overloaded },
  { what: 'broken', answers: [problem(500, 'internal')], error: Unreachable },
  { what: 'not understood by the server', answers: [problem(400, 'malformed')], error: Unreachable },
  { what: 'an answer of another form', answers: [ok({ hello: 1 })], error: Unreachable },
  { what: 'a list of anything', answers: [ok([1, 2, 3, 4])], error: Unreachable },
  { what: 'an answer of version 1', answers: [ok(answer)], error: Unreachable },
])('$what → $error.name', async ({ answers, error }) => {
  const syncing = await linkTo(...answers)
  await expect(syncing.link.sync(request)).rejects.toBeInstanceOf(error)
  const watching = await linkTo(...answers)
  await expect(watching.link.watch({})).rejects.toBeInstanceOf(error)
})

test.each([true, false])('a watch says what the phone has, is patient, and hands on: %s', async (changed) => {
  const { link, asked } = await linkTo(ok({ changed }))
  const scopes = { [`branch:${home}`]: { epoch: 1, seq: 7 } }
  expect(await link.watch(scopes)).toBe(changed)
  expect(asked).toMatchObject([{ method: 'POST', path: '/v1/watch', body: { scopes } }])
  expect(asked[0]?.timeoutMs).toBeGreaterThan(defaultWatchLimits.holdMs * 1.1)
})

describe('a server newer than the app', () => {
  const rows = (...all: unknown[]) => ({
    is: 'rows',
    epoch: 1,
    from: 0,
    seq: 1,
    isReset: true,
    hasMore: false,
    rows: all,
  })

  test('a kind of record and a kind of scope that are new do not keep the rest from coming', async () => {
    const known = ['person', linXiao, { id: linXiao, name: '林晓' }]
    const scopes = { [`branch:${home}`]: rows(['site-visit', '1', {}], known), 'group:g-1': rows() }
    const { link } = await linkTo(said({ ...answer, scopes }, 'newer'))
    const taken = await link.sync(request)
    expect(Object.keys(taken.scopes)).toEqual([`branch:${home}`])
    expect(taken.scopes[`branch:${home}`]).toMatchObject({ rows: [['site-visit', '1', {}], known] })
  })

  test('a reason that is new is a refusal all the same, and says to update', async () => {
    const outcomes = [
      { id: 1, result: { outcome: 'refused', refusal: { code: 'too-many-speakers', limit: 3 } } },
    ]
    const { link } = await linkTo(said({ ...answer, last: 1, outcomes }, 'newer'))
    expect((await link.sync(request)).outcomes).toEqual([
      { id: 1, result: { outcome: 'refused', refusal: { code: 'known-to-newer-version' } } },
    ])
  })

  test('the server of the tests speaks the same form', async () => {
    const server = new MemoryServer(new TestBranch(), { now: 0 })
    const { link } = await linkTo(said(await server.sync(request)))
    expect(Object.keys((await link.sync(request)).scopes).length).toBeGreaterThan(1)
  })
})
