// 减负自检：应用里「减负自检」一页的每条承诺，都在这里逐条证明
import { readFileSync } from 'node:fs'
import { lineKey } from '#domain/attendance'
import { commands } from '#domain/commands'
import { recordSchemas } from '#domain/records'
import { registerLineSchema, sourceSchema } from '#domain/register'
import { branchScope, memberScope, reviewScope, secretaryScope, totalsScope } from '#domain/scopes'
import { ratesOf } from '#domain/tally'
import { isHeld } from '#domain/weekly-study'
import { sourceWords } from '#domain/words'
import { promises } from '#features/public/PromisesView'
import { syncAnswerSchema, syncRequestSchema } from '#protocol/sync'
import { Totals } from '#server/jobs/totals'
import {
  admin,
  association,
  at,
  chenLi,
  committeeMember,
  home,
  inspector,
  linXiao,
  onlineAt,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import {
  denials,
  type Found,
  isDenial,
  measures,
  namesInSchema,
  sourceFiles,
  textsIn,
  tracks,
  wordsInJson,
} from '../support/promise-scan'
import { type TestServer, testServer } from '../support/server'

jest.mock('@tarojs/components', () => ({}))

const proven = new Set<string>()
function proof(promise: string, name: string, prove: () => Promise<void> | void): void {
  proven.add(promise)
  test(`${promise}: ${name}`, async () => prove())
}

let server: TestServer
beforeAll(async () => {
  server = await testServer({ isDemo: true })
})
afterAll(() => server.close())

async function namesInTables(): Promise<Found[]> {
  const { rows } = await server.database.pool.query<{ table_name: string; column_name: string }>(
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`,
  )
  return rows.flatMap((row) => [
    { where: `table ${row.table_name}`, text: row.column_name },
    { where: 'table', text: row.table_name },
  ])
}

const namesInRecords = (): Found[] => [
  ...Object.entries(recordSchemas).flatMap(([type, schema]) => namesInSchema(`record ${type}`, schema)),
  ...Object.entries(commands).flatMap(([name, { args }]) => namesInSchema(`command ${name}`, args)),
  ...Object.keys({ ...recordSchemas, ...commands }).map((text) => ({ where: 'type or command', text })),
  ...namesInSchema('request', syncRequestSchema),
  ...namesInSchema('answer', syncAnswerSchema),
]

async function wordsInInterface(): Promise<Found[]> {
  const response = await server.app.inject('/v1/openapi.json')
  expect(response.statusCode).toBe(200)
  return wordsInJson('openapi', response.json())
}

/** The screens, what the server answers, and the files it makes for people. */
const worded = ['src', 'server/http', 'server/account', 'server/roster', 'server/people']
const textsOnScreens = (): Found[] =>
  worded
    .flatMap((folder) => sourceFiles(folder))
    .filter((file) => file !== 'server/http/metrics.ts') // measures the server's answers, and no person
    .flatMap((file) => textsIn(file))
    .filter((each) => !isDenial(each))
const namesInCode = (): Found[] => sourceFiles('src').flatMap((file) => textsIn(file, { names: true }))

const noMeasure = '不统计在线时间和阅读时间'
const noRank = '不排名、不积分、不计连续次数'
for (const promise of [noMeasure, noRank]) {
  proof(promise, 'no table has a column for it', async () => {
    const names = await namesInTables()
    expect(names.length).toBeGreaterThan(30)
    expect(measures(names)).toEqual([])
  })
  proof(promise, 'no record and no command has a field or a word for it', () => {
    const names = namesInRecords()
    expect(names.length).toBeGreaterThan(150)
    expect(measures(names)).toEqual([])
  })
  proof(promise, 'the server’s interface has no word for it', async () => {
    const words = await wordsInInterface()
    expect(words.length).toBeGreaterThan(200)
    expect(measures(words)).toEqual([])
  })
  proof(promise, 'no screen has a word for it, and no code a name', () => {
    const texts = textsOnScreens()
    expect(texts.length).toBeGreaterThan(500)
    expect(texts.map(({ where }) => where)).toEqual(
      expect.arrayContaining(['server/account/export-mine.ts', 'server/roster/template.ts']),
    )
    expect(measures(texts)).toEqual([])
    expect(measures(namesInCode().filter((each) => !isDenial(each)))).toEqual([])
  })
}

proof(
  noRank,
  'whom to ask after is for the secretary alone: no record counts it, nobody else has the note',
  async () => {
    const names = namesInSchema('care-note', recordSchemas['care-note']).map(({ text }) => text)
    expect(names.sort()).toEqual(['branchId', 'memberId', 'note', 'notedAt', 'throughWeek'])
    const zhou = await server.phone(zhouSecretary)
    await zhou.does('record-attendance', { week, memberId: chenLi, standing: 'absent', version: 0 })
    const note = '家中老人住院，已经上门看望'
    expect(await zhou.does('note-care', { memberId: chenLi, throughWeek: week, note })).toBe('accepted')
    await new Totals(server.database, association).pass(week)
    for (const who of [zhouSecretary, chenLi, linXiao, committeeMember, admin, inspector]) {
      const phone = await server.phone(who)
      const told = Object.entries((await phone.sync()).scopes).filter(([, news]) =>
        JSON.stringify(news).includes(note),
      )
      expect([who, told.map(([scope]) => scope)]).toEqual([
        who,
        who === zhouSecretary ? [secretaryScope(home)] : [],
      ])
    }
    const { rows } = await server.database.pool.query('SELECT entry FROM audit')
    expect(JSON.stringify(rows)).toContain('note-care@1')
    expect(JSON.stringify(rows)).not.toContain(note)
  },
)

proof(noMeasure, 'study hours are the branch’s figure, the same for whoever came and when', () => {
  const branch = new TestBranch({ studyHours: 2 })
  branch.act(linXiao, 'check-in', { week }, onlineAt('08:16'))
  branch.act(chenLi, 'check-in', { week }, onlineAt('11:59'))
  const study = branch.study()
  expect(isHeld(study) && study.studyHours).toBe(2)
  expect(JSON.stringify([branch.line(linXiao), branch.line(chenLi)])).not.toMatch(/hours/i)
})

proof('登记真实的学习，不搞打卡', 'a register is complete without a single check-in', () => {
  const branch = new TestBranch()
  const memberIds = branch.review().members.map((each) => each.memberId)
  expect(branch.act(zhouSecretary, 'record-rest', { week, memberIds }, onlineAt('09:00'))).toBe('accepted')
  const { tally } = branch.review()
  expect(tally['on-time']).toBe(memberIds.length)
  expect(ratesOf(tally).attendanceRate).toEqual({
    numerator: memberIds.length,
    denominator: memberIds.length,
  })
})

const noTracks = '不强制上传照片、视频和位置'
proof(noTracks, 'no table, record, command or interface has a field for them', async () => {
  expect(tracks([...(await namesInTables()), ...namesInRecords(), ...(await wordsInInterface())])).toEqual([])
})
proof(noTracks, 'the app asks the phone for neither camera nor place', () => {
  const asks =
    /getLocation|startLocationUpdate|chooseLocation|chooseImage|chooseMedia|chooseVideo|createCameraContext|geolocation|getUserMedia/
  expect(namesInCode().filter(({ text }) => asks.test(text))).toEqual([])
  expect(readFileSync('src/app.config.ts', 'utf8')).not.toMatch(
    /permission|requiredPrivateInfos|requiredBackgroundModes/,
  )
})

const oneEntry = '一次登记，多处使用'
proof(
  oneEntry,
  'a check-in is one record, for the member and on the register, counted in the totals',
  async () => {
    const [lin, zhou, overseer] = [
      await server.phone(linXiao),
      await server.phone(zhouSecretary),
      await server.phone(admin),
    ]
    expect(await lin.does('check-in', { week })).toBe('accepted')
    const valueIn = async (phone: typeof lin, scope: string, type: string, key: string) => {
      phone.cursors = {}
      const news = (await phone.sync()).scopes[scope]
      return news?.is === 'rows' ? news.rows.find((row) => row[0] === type && row[1] === key)?.[2] : undefined
    }
    const own = await valueIn(lin, memberScope(linXiao), 'register-line', lineKey(week, home))
    expect(own).toMatchObject({ memberId: linXiao, standing: 'on-time' })
    expect(await valueIn(zhou, reviewScope(home), 'register-line', lineKey(week, linXiao))).toEqual(own)

    await new Totals(server.database, association).pass(week)
    expect(
      await valueIn(overseer, totalsScope(association), 'branch-totals', `${week}/${home}`),
    ).toMatchObject({
      tally: { 'on-time': 1 },
    })
  },
)

const byBranch = '统计到支部和场次'
proof(byBranch, 'a row of the totals has these fields and no others: nobody is named', () => {
  const names = namesInSchema('totals', recordSchemas['branch-totals']).map(({ text }) => text)
  const tally = ['expected', 'on-time', 'late', 'excused', 'absent', 'unrecorded', 'held', 'madeUp']
  const states = ['open', 'closed', 'not-held', 'unconfirmed']
  const fields = ['week', 'branchId', 'branchName', 'family', 'state', 'tally']
  expect(names.sort()).toEqual([...fields, ...states, ...tally].sort())
})
proof(byBranch, 'what the admin is sent names nobody of any branch', async () => {
  const lin = await server.phone(linXiao)
  await lin.does('ask-leave', { week, kind: 'sick', note: '发烧在家' })
  await new Totals(server.database, association).pass(week)
  const overseer = await server.phone(admin)
  const { scopes } = await overseer.sync()
  expect(Object.keys(scopes)).toContain(totalsScope(association))
  expect(Object.keys(scopes)).not.toContain(branchScope(home))
  const people = [linXiao, chenLi, wuGuifang, zhouSecretary]
  for (const name of [...people, '发烧']) expect(JSON.stringify(scopes)).not.toContain(name)
})

const withSource = '每条记录注明来源'
proof(withSource, 'a line cannot be without one of the four, and each has its word', () => {
  expect(registerLineSchema.entries.source).toBe(sourceSchema)
  expect(sourceSchema.options.map((source) => sourceWords[source])).toEqual([
    '现场',
    '离线后同步',
    '事后录入',
    '导入',
  ])
})
proof(withSource, 'however somebody is recorded, the line says how', () => {
  const branch = new TestBranch()
  branch.act(linXiao, 'check-in', { week }, onlineAt('08:20'))
  const late = { earliest: at('08:00'), claimedAt: at('08:30'), receivedAt: at('14:00') }
  branch.act(chenLi, 'check-in', { week }, late)
  const entry = { week, memberId: wuGuifang, standing: 'on-time', version: 0 }
  branch.act(zhouSecretary, 'record-attendance', entry, onlineAt('10:00', '2025-03-11'))
  const sources = [linXiao, chenLi, wuGuifang].map((who) => branch.line(who)?.source)
  expect(sources).toEqual(['on-site', 'synced-late', 'entered-afterwards'])
})

test('every promise that is shown has a proof here, and no proof is for a promise nobody is shown', () => {
  expect([...proven].sort()).toEqual(promises.map(({ title }) => title).sort())
})

test('every denial that is let through is still on a screen', () => {
  const shown = new Set(
    [...sourceFiles('src')].flatMap((file) => textsIn(file)).map(({ where, text }) => `${where} ${text}`),
  )
  expect([...denials].filter((each) => !shown.has(each))).toEqual([])
})
