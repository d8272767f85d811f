import { type CommandName, commands } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import {
  branchScope,
  leaveScope,
  memberScope,
  organizationScope,
  reviewScope,
  totalsScope,
} from '#domain/scopes'
import { defaultBranchSettings } from '#domain/weekly-study'
import {
  activist,
  admin,
  association,
  chenLi,
  committeeMember,
  elsewhere,
  home,
  inspector,
  linXiao,
  outsider,
  week,
  zhouSecretary,
} from '../support/branch'
import { type TestServer, testServer } from '../support/server'

/** Who may send what, for their own branch. Nobody may for another's: that is tested for each cell
 *  too. A command without its row here does not compile, and fails. */
const roles = {
  member: linXiao,
  activist,
  'committee-member': committeeMember,
  secretary: zhouSecretary,
  admin,
  inspector,
} satisfies Record<string, PersonId>
type RoleName = keyof typeof roles

const everyone = ['member', 'activist', 'committee-member', 'secretary'] as const
const mayCommand: Record<
  CommandName,
  { may: readonly RoleName[]; args: object; at: 'branch' | 'organization' }
> = {
  'check-in': { may: everyone, args: { week }, at: 'branch' },
  'ask-leave': { may: everyone, args: { week, kind: 'sick', note: '' }, at: 'branch' },
  'withdraw-leave': { may: everyone, args: { week }, at: 'branch' },
  'decide-leave': {
    may: ['secretary'],
    args: { week, memberId: chenLi, isAccepted: true, version: 1 },
    at: 'branch',
  },
  'record-attendance': {
    may: ['secretary', 'committee-member'],
    args: { week, memberId: chenLi, standing: 'on-time', version: 0 },
    at: 'branch',
  },
  'record-rest': {
    may: ['secretary', 'committee-member'],
    args: { week, memberIds: [chenLi] },
    at: 'branch',
  },
  'close-register': { may: ['secretary'], args: { week, version: 1 }, at: 'branch' },
  'reopen-register': { may: ['secretary'], args: { week, reason: '补记', version: 1 }, at: 'branch' },
  'plan-weekly-study': {
    may: ['secretary', 'committee-member'],
    args: { week, topic: '主题', place: '', version: 1 },
    at: 'branch',
  },
  'override-week': { may: ['secretary'], args: { week, reason: '会议室占用', version: 1 }, at: 'branch' },
  'change-branch-settings': {
    may: ['secretary'],
    args: { settings: defaultBranchSettings, version: 1 },
    at: 'branch',
  },
  'hand-down-topic': { may: ['admin'], args: { week, topic: '主题' }, at: 'organization' },
  'confirm-calendar': {
    may: ['admin'],
    args: { notice: { year: 2027, daysOff: {}, workdays: {}, source: 'assumed' } },
    at: 'organization',
  },
  'change-week-rule': {
    may: ['admin'],
    args: { weekRule: { kind: 'skip' }, version: 1 },
    at: 'organization',
  },
}

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

test('every command has its row', () => {
  expect(Object.keys(mayCommand).sort()).toEqual(Object.keys(commands).sort())
})

const cells = (Object.keys(mayCommand) as CommandName[]).flatMap((name) =>
  (Object.keys(roles) as RoleName[]).flatMap((role) =>
    (['own', 'other'] as const).map((place) => ({
      name,
      role,
      place,
      isAllowed: place === 'own' && mayCommand[name].may.includes(role),
    })),
  ),
)

test.each(cells)('$role → $name, $place: $isAllowed', async ({ name, role, place, isAllowed }) => {
  const { args, at } = mayCommand[name]
  const scope =
    at === 'branch'
      ? branchScope(place === 'own' ? home : elsewhere)
      : place === 'own'
        ? organizationScope(association)
        : ('organization:another' as const)
  const before = await fingerprint()
  const outcome = await (await server.phone(roles[role])).does(name, args, scope)
  if (isAllowed) expect(outcome).not.toBe('not-allowed')
  else {
    expect(outcome).toBe('not-allowed')
    expect(await fingerprint()).toBe(before)
  }
})

/** All records: a refused command changes none. */
async function fingerprint(): Promise<string> {
  const { rows } = await server.database.pool.query<{ hash: string }>(
    `SELECT md5(string_agg(scope || type || key || seq || value::text, ',' ORDER BY scope, type, key)) AS hash FROM rows`,
  )
  return rows[0]?.hash ?? ''
}

describe('what each role may read', () => {
  const own = [branchScope(home), organizationScope(association)]
  const mayRead: Record<RoleName, readonly string[]> = {
    member: own,
    activist: own,
    'committee-member': [...own, reviewScope(home)],
    secretary: [...own, reviewScope(home), leaveScope(home)],
    admin: [organizationScope(association), totalsScope(association)],
    inspector: [organizationScope(association), totalsScope(association)],
  }
  const everything = [
    ...[home, elsewhere].flatMap((id) => [branchScope(id), reviewScope(id), leaveScope(id)]),
    organizationScope(association),
    totalsScope(association),
    'organization:another',
    'totals:another',
    ...[linXiao, chenLi, outsider].map(memberScope),
  ]
  test.each(
    (Object.keys(roles) as RoleName[]).flatMap((role) => everything.map((scope) => ({ role, scope }))),
  )('$role reads $scope', async ({ role, scope }) => {
    const phone = await server.phone(roles[role])
    phone.cursors = { [scope]: { epoch: 1, seq: 0 } }
    const answer = await phone.sync()
    const isReadable = mayRead[role].includes(scope) || scope === memberScope(roles[role])
    // Whoever may read a scope is never told that it is gone; whoever may not gets nothing of it.
    if (isReadable) expect(answer.scopes[scope]?.is).not.toBe('gone')
    else expect(answer.scopes[scope]).toEqual({ is: 'gone' })
  })
})

describe('every route', () => {
  /** `open`: without signing in. `signed-in`: 401 without. */
  const routes: Record<string, 'open' | 'signed-in'> = {
    'GET /healthz': 'open',
    'GET /readyz': 'open',
    'GET /v1/welcome': 'open',
    'GET /v1/openapi.json': 'open',
    'POST /v1/sessions/invitation': 'open',
    'POST /v1/sessions/refresh': 'open',
    'POST /v1/sessions/end': 'signed-in',
    'POST /v1/sync': 'signed-in',
  }

  test('is in the table', () => {
    const printed = server.app.printRoutes({ commonPrefix: false, includeHooks: false })
    const found = [...printed.matchAll(/(\/\S*) \(([A-Z, ]+)\)/g)].flatMap(([, path, methods]) =>
      (methods ?? '')
        .split(', ')
        .flatMap((method) => (method === 'HEAD' || method === 'OPTIONS' ? [] : [`${method} ${path}`])),
    )
    expect(found.sort()).toEqual(Object.keys(routes).sort())
  })

  test.each(Object.entries(routes))('%s is %s', async (route, kind) => {
    const [method = 'GET', url = '/'] = route.split(' ')
    const response = await server.app.inject({
      method: method as 'GET' | 'POST',
      url,
      payload: method === 'POST' ? {} : undefined,
    })
    if (kind === 'signed-in') expect(response.statusCode).toBe(401)
    else expect(response.statusCode).not.toBe(401)
  })
})
