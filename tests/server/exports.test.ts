import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { formatInstant, instantOf, type Week, weekOf } from '#domain/day'
import { ledgerOf, readLedger } from '#domain/ledger'
import { reviewOf } from '#domain/review'
import { branchScope, leaveScope, memberScope, reviewScope } from '#domain/scopes'
import { ratesOf, rateText, standings, type Tally } from '#domain/tally'
import { standingWords } from '#domain/words'
import type { ExportAsked } from '#protocol/export'
import { Exports } from '#server/exports/exports'
import { type Render, render } from '#server/exports/render'
import { deleteExpired, retention } from '#server/jobs/retention'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { readRecords, writeChanges } from '#server/storage/rows'
import { admin, committeeMember, linXiao, secretary } from '#support/cast'
import { freshDatabase, type TestDatabase } from '#support/database'
import { rowsOf } from '#support/exported'
import { castBranch, demoOrganizationId } from '../../server/demo/cast'
import { keepDemoCurrent } from '../../server/demo/keep-current'
import { seedDemo } from '../../server/demo/seed'

const monday = instantOf('2026-03-09', '09:40')
const week = weekOf('2026-03-09')
const lastWeek = weekOf('2026-03-02')
const branchId = castBranch.id
const year = { year: 2026 }

let created: TestDatabase
let database: Database
const clock = { now: monday }
let failures: Error[]
let exports: Exports

beforeAll(async () => {
  created = await freshDatabase()
  database = openDatabase(created.url)
  await migrate(database)
  await seedDemo(database, { now: monday, scale: 'small' })
  await keepDemoCurrent(database, monday)
}, 60_000)
afterAll(async () => {
  await database.close()
  await created.drop()
})

const withRender = (by: Render) =>
  new Exports({ database, now: () => clock.now, render: by, onFailure: (error) => failures.push(error) })
beforeEach(() => {
  failures = []
  clock.now = monday
  exports = withRender(render)
})
afterEach(() => exports.stop())

type Who = typeof secretary.personId

async function settled(who: Who, id: string, by = exports) {
  for (let round = 0; round < 400; round++) {
    const found = await by.look(who, id)
    if (found === undefined || found.state !== 'asked') return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it is never made')
}

async function fileOf(who: Who, asked: ExportAsked) {
  const made = await exports.ask(who, asked)
  if (made === undefined) throw new Error('refused')
  expect(await settled(who, made.id)).toMatchObject({ state: 'done' })
  const file = await exports.file(who, made.id)
  if (file === undefined) throw new Error('no file')
  // Kept for a look with LibreOffice: docs/testing.md says how.
  const folder = process.env.KEEP_EXPORTS
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, file.fileName), file.bytes)
  }
  return file
}

const textOf = (bytes: Buffer, part = 'word/document.xml') =>
  new TextDecoder().decode(unzipSync(new Uint8Array(bytes))[part])

const figuresOf = (tally: Tally) => {
  const rates = ratesOf(tally)
  return {
    应到: tally.expected,
    ...Object.fromEntries(standings.map((standing) => [standingWords[standing], tally[standing]])),
    按期补学: tally.madeUp,
    到会率: rateText(rates.attendanceRate),
    参学率: rateText(rates.participationRate),
    无故缺席: rateText(rates.unexplainedAbsenceRate),
  }
}

/** What the secretary’s screens show. */
const recordsOf = () => readRecords(database.pool, readLedger(branchId, year, { withLeaves: true }))

test('the register’s file says what the screen says, line by line, with the end of the audit chain', async () => {
  const file = await fileOf(secretary.personId, { kind: 'register', branchId, week })
  expect(file.fileName).toBe('登记簿-科技馆第三党支部-2026-03-09.xlsx')
  const review = reviewOf(await recordsOf(), branchId, week)
  if (review === undefined) throw new Error('no register')
  const rows = await rowsOf(file.bytes, '登记簿')
  expect(rows.slice(0, review.members.length).map(({ 姓名, 登记 }) => [姓名, 登记])).toEqual(
    review.members.map(({ name, standing }) => [name, standingWords[standing]]),
  )
  const [summary] = await rowsOf(file.bytes, '汇总')
  expect(summary).toMatchObject(figuresOf(review.tally))
  expect(summary?.日期).toEqual(new Date('2026-03-09T00:00:00Z'))
  const away = await rowsOf(file.bytes, '缺席与请假')
  expect(away.filter((row) => row.登记 !== null && row.姓名 !== null)).toHaveLength(
    review.tally.absent + review.tally.excused,
  )
  const { rows: ends } = await database.pool.query<{ seq: number; hash: string }>(
    'SELECT seq, hash FROM audit WHERE scope = $1 ORDER BY seq DESC LIMIT 1',
    [reviewScope(branchId)],
  )
  const words = JSON.stringify(rows)
  expect(words).toContain(`截至 ${formatInstant(monday)}`)
  expect(words).toContain(ends[0] === undefined ? '还没有记录' : ends[0].hash)
})

test('a year’s ledger has each study as its own screen has it, and their sums by month', async () => {
  const file = await fileOf(secretary.personId, { kind: 'ledger', branchId, period: year })
  expect(file.fileName).toBe('学习台账-科技馆第三党支部-2026年.xlsx')
  const ledger = ledgerOf(await recordsOf(), branchId, year, monday)
  expect(ledger.reviews.length).toBeGreaterThan(7)
  const rows = await rowsOf(file.bytes, '学习台账')
  ledger.reviews.forEach(({ tally, study }, index) => {
    expect(rows[index]).toMatchObject({ ...figuresOf(tally), 主题: study.topic })
  })
  const sums = rows.filter(({ 日期 }) => typeof 日期 === 'string' && 日期.endsWith('合计'))
  expect(sums.map(({ 日期 }) => 日期)).toEqual([
    '2026年1月合计',
    '2026年2月合计',
    '2026年3月合计',
    '2026年合计',
  ])
  expect(sums.at(-1)).toMatchObject(figuresOf(ledger.total))
  const added = sums.slice(0, -1).reduce((sum, { 应到 }) => sum + Number(应到), 0)
  expect(added).toBe(ledger.total.expected)
})

test('whoever keeps the register gets it; why somebody was on leave is the secretary’s alone', async () => {
  const kinds = async (who: Who) => {
    const file = await fileOf(who, { kind: 'ledger', branchId, period: year })
    return (await rowsOf(file.bytes, '缺席与请假')).flatMap(({ 请假类别 }) => 请假类别 ?? [])
  }
  expect((await kinds(secretary.personId)).length).toBeGreaterThan(0)
  expect(await kinds(committeeMember.personId)).toEqual([])
  expect(await exports.ask(linXiao.personId, { kind: 'ledger', branchId, period: year })).toBeUndefined()
  expect(await exports.ask(admin.personId, { kind: 'ledger', branchId, period: year })).toBeUndefined()
})

test('all branches in one file for who oversees them, and nobody’s name in it', async () => {
  const organizationId = demoOrganizationId
  const asked = { kind: 'organization-ledger', organizationId, period: year } as const
  expect(await exports.ask(secretary.personId, asked)).toBeUndefined()
  const { bytes } = await fileOf(admin.personId, asked)
  const rows = await rowsOf(bytes, '各支部')
  const own = rows.find(({ 支部 }) => 支部 === castBranch.name)
  const { reviews } = ledgerOf(await recordsOf(), branchId, year, monday)
  const closed = reviews.filter(({ study }) => study.state === 'closed')
  expect(Number(own?.学习次数)).toBeGreaterThanOrEqual(closed.length)
  const names = rows.map(({ 支部 }) => 支部).filter((name) => typeof name === 'string')
  expect(names.slice(0, 4)).toEqual([...names.slice(0, 3), '3 个支部'])
  const total = rows.find(({ 类别 }) => 类别 === '合计')
  const sum = rows.slice(0, 3).reduce((so, row) => so + Number(row.应到), 0)
  expect(total?.应到).toBe(sum)

  const people = await readRecords(database.pool, [
    { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  ])
  const everything = Object.values(unzipSync(new Uint8Array(bytes)))
    .map((each) => new TextDecoder().decode(each))
    .join('')
  for (const { name } of people.list(reviewScope(branchId), 'membership', '')) {
    expect(everything).not.toContain(name)
  }
})

test.each([
  ['sign-in-sheet', '签到表', ['签名', '列席', '林晓']],
  ['study-record', '学习记录', ['应到', '缺席和请假', '学习内容', '记录人']],
] as const)('%s is a paper with what is recorded in it', async (kind, name, words) => {
  const { fileName, bytes } = await fileOf(secretary.personId, { kind, branchId, week: lastWeek })
  expect(fileName).toBe(`${name}-科技馆第三党支部-2026-03-02.docx`)
  const text = textOf(bytes)
  const review = reviewOf(await recordsOf(), branchId, lastWeek)
  for (const word of [...words, review?.study.topic ?? '?']) expect(text).toContain(word)
  expect(textOf(bytes, 'word/footer1.xml')).toContain(`截至 ${formatInstant(monday)}`)
})

test('the handbook has the summary and every study of its period', async () => {
  const period = { year: 2026, quarter: 1 }
  const { fileName, bytes } = await fileOf(secretary.personId, { kind: 'handbook', branchId, period })
  expect(fileName).toBe('支部学习手册-科技馆第三党支部-2026年第1季度.docx')
  const text = textOf(bytes)
  const ledger = ledgerOf(await recordsOf(), branchId, period, monday)
  for (const { study } of ledger.reviews) expect(text).toContain(study.topic)
  expect(text).toContain(rateText(ratesOf(ledger.total).participationRate))
})

test('what somebody typed is text, and never a formula', async () => {
  const study = (await recordsOf()).get(branchScope(branchId), 'weekly-study', lastWeek)
  if (study?.state !== 'closed') throw new Error('last week is closed')
  const topic = '=HYPERLINK("http://example.org","点我")'
  const write = (value: typeof study) =>
    inTransaction(database, (client) =>
      writeChanges(client, [{ scope: branchScope(branchId), type: 'weekly-study', key: lastWeek, value }]),
    )
  await write({ ...study, topic })
  const { bytes } = await fileOf(secretary.personId, { kind: 'register', branchId, week: lastWeek })
  await write(study)
  expect((await rowsOf(bytes, '汇总'))[0]?.主题).toBe(topic)
  const parts = Object.entries(unzipSync(new Uint8Array(bytes)))
  for (const [name, part] of parts) {
    if (name.includes('worksheets/')) expect(new TextDecoder().decode(part)).not.toMatch(/<f[ >]/)
  }
})

test('a week without a register has no file, and says so', async () => {
  const none: Week = '2031-W01'
  const made = await exports.ask(secretary.personId, { kind: 'register', branchId, week: none })
  expect(await settled(secretary.personId, made?.id ?? '')).toMatchObject({ state: 'failed' })
  expect(await exports.file(secretary.personId, made?.id ?? '')).toBeUndefined()
})

test('a file is its asker’s, as long as they may see what is in it, and for a day', async () => {
  const asked = { kind: 'register', branchId, week } as const
  const made = await exports.ask(secretary.personId, asked)
  const id = made?.id ?? ''
  await settled(secretary.personId, id)
  expect(await exports.look(committeeMember.personId, id)).toBeUndefined()
  expect(await exports.file(committeeMember.personId, id)).toBeUndefined()

  const scope = memberScope(secretary.personId)
  const read = await readRecords(database.pool, [{ scope, type: 'profile', key: 'profile' }])
  const profile = read.get(scope, 'profile', 'profile')
  if (profile === undefined) throw new Error('nobody')
  const write = (value: typeof profile) =>
    inTransaction(database, (client) =>
      writeChanges(client, [{ scope, type: 'profile', key: 'profile', value }]),
    )
  await write({ ...profile, appointments: [] })
  expect(await exports.file(secretary.personId, id)).toBeUndefined()
  await write(profile)
  expect(await exports.file(secretary.personId, id)).toBeDefined()

  await deleteExpired(database, monday + retention.exportsMs + 60_000)
  expect(await exports.look(secretary.personId, id)).toBeUndefined()
})

test('what a stopped process left half made is made by the next; what fails again and again is given up', async () => {
  await exports.stop()
  const asked = await exports.ask(secretary.personId, { kind: 'register', branchId, week })
  const id = asked?.id ?? ''
  await database.pool.query(`UPDATE exports SET state = 'making', tries = 1, started_at = $1 WHERE id = $2`, [
    monday,
    id,
  ])
  exports = withRender(render)
  expect(await exports.look(secretary.personId, id)).toMatchObject({ state: 'asked' }) // perhaps it is at it
  clock.now += 121_000
  expect(await settled(secretary.personId, id)).toMatchObject({ state: 'done' })

  await database.pool.query(`UPDATE exports SET state = 'making', tries = 3, started_at = $1 WHERE id = $2`, [
    clock.now,
    id,
  ])
  clock.now += 121_000
  expect(await settled(secretary.personId, id)).toMatchObject({ state: 'failed' })
})

test('one that cannot be packed fails alone, and is heard of', async () => {
  const broken = withRender(() => Promise.reject(new Error('no room')))
  const made = await broken.ask(secretary.personId, { kind: 'register', branchId, week })
  expect(await settled(secretary.personId, made?.id ?? '', broken)).toMatchObject({ state: 'failed' })
  expect(failures.map(({ message }) => message)).toEqual(['no room'])
  await fileOf(secretary.personId, { kind: 'register', branchId, week })
})

test('leaves are read for the secretary alone', async () => {
  const reads = readLedger(branchId, year, { withLeaves: false })
  expect(reads.some(({ scope }) => scope === leaveScope(branchId))).toBe(false)
})
