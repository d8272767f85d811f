import { type CommandName, commands } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import {
  branchScope,
  deskScope,
  leaveScope,
  memberScope,
  organizationScope,
  reviewScope,
  secretaryScope,
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
  monday,
  outsider,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import { type TestServer, testServer } from '../support/server'
import { plan2025 } from '../support/study-plan'

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

const noMeeting = '2026-m-none.1'
const meetingPlan = {
  id: '2026-m-planned.1',
  kind: 'theme-day',
  alsoCountsAs: [],
  topic: '科普惠农',
  heldOn: '2026-11-20',
  starts: '14:00',
  ends: '16:00',
  place: '',
  host: '',
  recorder: '',
  agenda: [],
  studyHours: 1,
}
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
  'record-make-up': { may: everyone, args: { week, reflection: '读了材料' }, at: 'branch' },
  'decide-make-up': {
    may: ['secretary'],
    args: { week, memberId: chenLi, isAccepted: true, version: 1 },
    at: 'branch',
  },
  'note-care': {
    may: ['secretary'],
    args: { memberId: chenLi, throughWeek: week, note: '已联系' },
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
  'save-study-plan': { may: ['admin'], args: { plan: plan2025() }, at: 'organization' },
  'hand-down-plan': { may: ['admin'], args: { year: 2025, version: 0 }, at: 'organization' },
  'keep-branch-plan': {
    may: ['secretary', 'committee-member'],
    args: { plan: { year: 2025, topics: [], version: 0 } },
    at: 'branch',
  },
  'keep-reading-list': {
    may: ['secretary', 'committee-member'],
    args: { list: { id: 'l1', title: '清单', about: '', version: 0 }, items: [] },
    at: 'branch',
  },
  'hand-down-reading-list': {
    may: ['admin'],
    args: { list: { id: 'l2', title: '清单', about: '', version: 0 }, items: [] },
    at: 'organization',
  },
  'keep-reading-place': {
    may: ['member', 'activist', 'committee-member', 'secretary', 'admin', 'inspector'],
    args: { listId: 'l1', itemId: 'i1', round: 0, chapter: 1, isRead: false },
    at: 'organization',
  },
  'write-reading-note': {
    may: ['member', 'activist', 'committee-member', 'secretary', 'admin', 'inspector'],
    args: {
      ...{ listId: 'l1', itemId: 'i1', noteId: 'n1', versionId: 'v1' },
      ...{ kind: 'note', words: '一句话', replaces: [] },
    },
    at: 'organization',
  },
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
  'change-membership': {
    may: ['secretary'],
    args: { memberId: chenLi, change: { what: 'exempt', from: '2025-03-10' } },
    at: 'branch',
  },
  'plan-meeting': { may: ['secretary', 'committee-member'], args: meetingPlan, at: 'branch' },
  'change-meeting': {
    may: ['secretary', 'committee-member'],
    args: { ...meetingPlan, id: noMeeting, version: 1 },
    at: 'branch',
  },
  'notify-meeting': {
    may: ['secretary', 'committee-member'],
    args: { id: noMeeting, version: 1 },
    at: 'branch',
  },
  'cancel-meeting': {
    may: ['secretary', 'committee-member'],
    args: { id: noMeeting, reason: '会议室占用', version: 1 },
    at: 'branch',
  },
  'plan-joint-meeting': {
    may: ['admin'],
    args: {
      id: '2026-m-joint.1',
      kind: 'theme-day',
      topic: '科普惠农',
      heldOn: '2026-11-20',
      starts: '14:00',
      ends: '16:00',
      place: '',
      host: '',
      agenda: [],
      branches: [home, elsewhere].map((id) => ({ id, name: id })),
    },
    at: 'organization',
  },
  'cancel-joint-meeting': { may: ['admin'], args: { id: noMeeting, version: 1 }, at: 'organization' },
  'join-meeting': {
    may: ['secretary', 'committee-member'],
    args: { organizationId: association, jointId: noMeeting, heldOn: '2026-11-20', studyHours: 1 },
    at: 'branch',
  },
  'keep-minutes': {
    may: ['secretary', 'committee-member'],
    args: {
      of: noMeeting,
      content: '',
      speeches: [],
      guests: [],
      absences: [],
      resolutions: [],
      version: 0,
    },
    at: 'branch',
  },
  'record-vote': {
    may: ['secretary', 'committee-member'],
    args: { of: noMeeting, matter: '议题', inFavour: 1, against: 0, abstained: 0, version: 0 },
    at: 'branch',
  },
  'file-meeting': { may: ['secretary'], args: { id: noMeeting, version: 1 }, at: 'branch' },
  'ask-correction': { may: everyone, args: { subject: 'name', words: '名字写错了' }, at: 'branch' },
  'answer-correction': {
    may: ['secretary'],
    args: { id: 'none.1', isDone: true, reply: '已更正', version: 1 },
    at: 'branch',
  },
  'send-feedback': {
    may: ['member', 'activist', 'committee-member', 'secretary', 'admin', 'inspector'],
    args: { kind: 'suggestion', words: '希望字再大一些' },
    at: 'organization',
  },
  'answer-feedback': { may: ['admin'], args: { id: 'none.1', version: 1 }, at: 'organization' },
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
    secretary: [...own, reviewScope(home), leaveScope(home), secretaryScope(home)],
    admin: [organizationScope(association), totalsScope(association), deskScope(association)],
    inspector: [organizationScope(association), totalsScope(association)],
  }
  const everything = [
    ...[home, elsewhere].flatMap((id) => [
      branchScope(id),
      reviewScope(id),
      leaveScope(id),
      secretaryScope(id),
    ]),
    organizationScope(association),
    totalsScope(association),
    deskScope(association),
    'organization:another',
    'totals:another',
    'desk:another',
    ...[linXiao, chenLi, outsider].map(memberScope),
  ]
  beforeAll(async () => {
    // One that nothing was ever written to is gone for everybody: a phone may have it from a server's
    // other life.
    await server.database.pool.query(
      'INSERT INTO scopes (scope) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
      [everything],
    )
  })

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

type Method = 'GET' | 'POST'
const everybody = Object.keys(roles) as RoleName[] // its keys

/** What only some may do: by role, for what is theirs and for what is another's. */
const guarded: Record<string, { may: readonly RoleName[]; own: Request; other?: Request }> = {
  'GET /v1/branches/:branch/people': {
    may: ['secretary', 'admin'],
    own: { url: `/v1/branches/${home}/people` },
    other: { url: '/v1/branches/not-a-branch/people' },
  },
  'GET /v1/branches/:branch/people of another branch': {
    may: ['admin'],
    own: { url: `/v1/branches/${elsewhere}/people` },
  },
  'GET /v1/branches/:branch/calendar': {
    may: ['member', 'activist', 'committee-member', 'secretary'],
    own: { url: `/v1/branches/${home}/calendar` },
    other: { url: `/v1/branches/${elsewhere}/calendar` },
  },
  'GET /v1/keepers': { may: ['admin'], own: { url: '/v1/keepers' } },
  'POST /v1/invitations': {
    may: ['secretary', 'admin'],
    own: { url: '/v1/invitations', payload: { personId: chenLi } },
    other: { url: '/v1/invitations', payload: { personId: 'nobody-here' } },
  },
  'POST /v1/people/unbind': {
    may: ['secretary', 'admin'],
    own: { url: '/v1/people/unbind', payload: { personId: chenLi } },
    other: { url: '/v1/people/unbind', payload: { personId: 'nobody-here' } },
  },
  'POST /v1/people/transfer': {
    may: ['admin'],
    own: {
      url: '/v1/people/transfer',
      payload: { personId: wuGuifang, from: home, to: elsewhere, on: monday },
    },
    other: {
      url: '/v1/people/transfer',
      payload: { personId: chenLi, from: home, to: 'not-a-branch', on: monday },
    },
  },
  'POST /v1/people/appoint': {
    may: ['admin'],
    own: { url: '/v1/people/appoint', payload: { personId: chenLi, branchId: home, role: 'none' } },
    other: { url: '/v1/people/appoint', payload: { personId: 'nobody-here', branchId: home, role: 'none' } },
  },
  'POST /v1/exports': {
    may: ['secretary', 'committee-member'],
    own: { url: '/v1/exports', payload: { kind: 'ledger', branchId: home, period: { year: 2025 } } },
    other: { url: '/v1/exports', payload: { kind: 'ledger', branchId: elsewhere, period: { year: 2025 } } },
  },
  'POST /v1/exports organization': {
    may: ['admin', 'inspector'],
    own: {
      url: '/v1/exports',
      payload: { kind: 'organization-ledger', organizationId: association, period: { year: 2025 } },
    },
    other: {
      url: '/v1/exports',
      payload: { kind: 'organization-ledger', organizationId: 'another', period: { year: 2025 } },
    },
  },
  'POST /v1/rosters': {
    may: ['admin'],
    own: { url: '/v1/rosters', ...csv() },
    other: { url: `/v1/rosters?branch=${elsewhere}`, ...csv() },
  },
  'POST /v1/rosters?branch': {
    may: ['secretary'],
    own: { url: `/v1/rosters?branch=${home}`, ...csv() },
  },
  'POST /v1/rosters/confirm': {
    may: ['admin'],
    own: { url: '/v1/rosters/confirm', payload: { id: 'not-uploaded' } },
    other: { url: `/v1/rosters/confirm?branch=${elsewhere}`, payload: { id: 'not-uploaded' } },
  },
}

interface Request {
  url: string
  payload?: object | string
  headers?: Record<string, string>
}

function csv(): Pick<Request, 'payload' | 'headers'> {
  const payload = [
    '--part',
    'content-disposition: form-data; name="file"; filename="a.csv"',
    '',
    '姓名,编号,支部名称',
    '张三,A001,没有的支部',
    '--part--',
    '',
  ].join('\r\n')
  return { payload, headers: { 'content-type': 'multipart/form-data; boundary=part' } }
}

describe('who may ask for what', () => {
  const asked = Object.entries(guarded).flatMap(([route, { may, own, other }]) =>
    everybody.flatMap((role) => [
      { route, role, place: 'own', request: own, isAllowed: may.includes(role) },
      ...(other === undefined ? [] : [{ route, role, place: 'other', request: other, isAllowed: false }]),
    ]),
  )
  test.each(asked)('$role → $route, $place: $isAllowed', async ({ route, role, request, isAllowed }) => {
    const method = route.startsWith('GET') ? 'GET' : 'POST'
    const phone = await server.phone(roles[role])
    const before = await fingerprint()
    const response = await server.app.inject({
      method,
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${phone.session.accessToken}` },
    })
    if (isAllowed) expect([200, 202, 204, 404]).toContain(response.statusCode)
    else {
      expect(response.statusCode).toBe(403)
      expect(await fingerprint()).toBe(before)
    }
  })

  test('a secretary invites nobody who holds an office beyond the branch', async () => {
    const phone = await server.phone(zhouSecretary)
    for (const personId of [admin, inspector, outsider]) {
      const response = await server.app.inject({
        method: 'POST',
        url: '/v1/invitations',
        payload: { personId },
        headers: { authorization: `Bearer ${phone.session.accessToken}` },
      })
      expect([personId, response.statusCode]).toEqual([personId, 403])
    }
  })
})

describe('every route', () => {
  /** `open`: without signing in. `own`: about whoever asks, 401 without. `guarded`: see above. */
  const routes: Record<string, 'open' | 'own' | 'guarded'> = {
    'GET /healthz': 'open',
    'GET /readyz': 'open',
    'GET /v1/welcome': 'open',
    'GET /v1/openapi.json': 'open',
    'POST /v1/sessions/invitation': 'open',
    'POST /v1/sessions/refresh': 'open',
    'POST /v1/sessions/wechat': 'open',
    'POST /v1/client-errors': 'open',
    'GET /v1/wechat/events': 'open', // answers only to WeChat's signature
    'POST /v1/wechat/events': 'open',
    'GET /v1/calendar/:branch/:file': 'open', // answers only to its signature: calendar.test.ts
    'GET /metrics': 'open', // answers only to its token
    'POST /v1/sessions/end': 'own',
    'POST /v1/sync': 'own',
    'POST /v1/watch': 'own', // what it may watch: watch.test.ts
    'GET /v1/me': 'own',
    'GET /v1/me/export': 'own',
    'POST /v1/me/consent': 'own',
    'POST /v1/me/consent/withdraw': 'own',
    'POST /v1/me/cancellation': 'own',
    'POST /v1/me/cancellation/withdraw': 'own',
    'GET /v1/reminders': 'own',
    'POST /v1/reminders': 'own',
    'GET /v1/rosters/template': 'own', // the same empty sheet for everybody
    'POST /v1/exports': 'guarded',
    'GET /v1/exports/:id': 'own', // another's is not found: exports.test.ts
    'GET /v1/exports/:id/file': 'own',
    'GET /v1/branches/:branch/people': 'guarded',
    'GET /v1/branches/:branch/calendar': 'guarded',
    'GET /v1/keepers': 'guarded',
    'POST /v1/invitations': 'guarded',
    'POST /v1/people/unbind': 'guarded',
    'POST /v1/people/transfer': 'guarded',
    'POST /v1/people/appoint': 'guarded',
    'POST /v1/rosters': 'guarded',
    'POST /v1/rosters/confirm': 'guarded',
  }

  test('is in the table', () => {
    const printed = server.app.printRoutes({ commonPrefix: false, includeHooks: false })
    const paths: string[] = []
    const found = printed.split('\n').flatMap((line) => {
      const [, indent = '', name = '', methods] = /^([│├└─\s]*)(\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
      if (name === '') return []
      const depth = indent.length / 4
      paths.splice(depth - 1, paths.length, name)
      return (methods ?? '')
        .split(', ')
        .flatMap((method) =>
          ['', 'HEAD', 'OPTIONS'].includes(method) ? [] : [`${method} ${paths.join('')}`],
        )
    })
    expect(found.sort()).toEqual(Object.keys(routes).sort())
  })

  test.each(Object.entries(routes))('%s is %s', async (route, kind) => {
    const [method = 'GET', url = '/'] = route.split(' ')
    const response = await server.app.inject({
      method: method as Method,
      url: url.replace(':branch', home),
      ...(method === 'POST' ? { payload: {} } : {}),
    })
    if (kind === 'open') expect(response.statusCode).not.toBe(401)
    else expect(response.statusCode).toBe(401)
    if (kind === 'guarded') expect(Object.keys(guarded)).toContain(route)
  })
})
