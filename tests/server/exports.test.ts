import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { type CommandName, commands } from '#domain/commands'
import { type Day, formatInstant, instantOf, type Week, weekOf } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { missingOf, stageOf } from '#domain/filing'
import { type MeetingId, meetingIdOf, meetingsOf } from '#domain/gathering-key'
import { ledgerOf, readLedger } from '#domain/ledger'
import { type HeldMeeting, isOn, kindsOf, meetingKinds } from '#domain/meeting'
import { noMinutes } from '#domain/minutes'
import { isWithin } from '#domain/period'
import { quorumOf } from '#domain/quorum'
import { isCounted, type QuotaState, quotaCells } from '#domain/quota'
import { quotaBasisOf, readQuotas } from '#domain/quota-basis'
import type { Read } from '#domain/records'
import { type ReviewedMember, reviewOf, reviewOn } from '#domain/review'
import { branchScope, leaveScope, memberScope, type Place, reviewScope } from '#domain/scopes'
import { ratesOf, rateText, standings, type Tally } from '#domain/tally'
import { meetingKindWords, notApplicableWords, stageWords, standingWords } from '#domain/words'
import type { ExportAsked } from '#protocol/export'
import { Exports } from '#server/exports/exports'
import { type Render, render } from '#server/exports/render'
import { deleteExpired, retention } from '#server/jobs/retention'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { readRecords, writeChanges } from '#server/storage/rows'
import { admin, committeeMember, linXiao, otherSecretary, secretary } from '#support/cast'
import { freshDatabase, type TestDatabase } from '#support/database'
import { rowsOf } from '#support/exported'
import { castBranch, demoOrganizationId, otherBranch } from '../../server/demo/cast'
import { keepDemoCurrent } from '../../server/demo/keep-current'
import { actorIn } from '../../server/demo/rehearsal'
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

describe('meetings', () => {
  const branch: Place = { kind: 'branch', branchId }
  const organization: Place = { kind: 'organization', organizationId: demoOrganizationId }
  const injected = '=HYPERLINK("http://example.org","会议")'
  let acts = 0

  /** Decided by the real rules, and written as the server writes it. */
  async function act(name: CommandName, args: object, now: number, place = branch): Promise<string> {
    const actor = actorIn(branchId, secretary.personId, 'secretary')
    const prepared = commands[name].prepare(place, args)
    if (prepared === undefined) throw new Error(`${name} is not asked like this`)
    const records = await readRecords(database.pool, prepared.reads(actor.personId))
    acts += 1
    const commandKey = `exports.${acts}`
    const decision = prepared.decide(records, { actor, evidence: happeningAt(now), commandKey })
    if (decision.outcome === 'refused') throw new Error(`${name}: ${decision.refusal.code}`)
    await inTransaction(database, (client) => writeChanges(client, decision.value))
    return commandKey
  }

  /** Whole scopes, so that nothing a file left unread is left unread here as well. */
  const everything = () =>
    readRecords(database.pool, [
      ...(['branch', 'weekly-study', 'meeting'] as const).map(
        (type): Read => ({ scope: branchScope(branchId), type, prefix: '' }),
      ),
      ...(['membership', 'register', 'register-line', 'minutes', 'amendment'] as const).map(
        (type): Read => ({ scope: reviewScope(branchId), type, prefix: '' }),
      ),
      { scope: leaveScope(branchId), type: 'leave', prefix: '' },
    ])

  async function seen(id: MeetingId) {
    const records = await everything()
    const meeting = records.get(branchScope(branchId), 'meeting', id)
    if (meeting === undefined || !isOn(meeting)) throw new Error('no meeting')
    const review = reviewOn(records, branchId, meeting)
    const minutes = records.get(reviewScope(branchId), 'minutes', id)
    return { records, meeting, review, minutes, quorum: quorumOf(records, branchId, review) }
  }
  const versionOf = async (id: MeetingId) => (await seen(id)).meeting.version

  const plan = {
    alsoCountsAs: [],
    starts: '18:00',
    ends: '19:30',
    place: '三楼会议室',
    host: secretary.name,
    recorder: committeeMember.name,
    agenda: ['通报上季度工作', '讨论发展对象'],
    studyHours: 0,
  }
  let meetings = 0
  const planned = async (more: object, heldOn: Day) => {
    const now = instantOf(heldOn, '09:00')
    meetings += 1
    const id = meetingIdOf(2026, `test${meetings}`)
    await act('plan-meeting', { ...plan, id, heldOn, ...more }, now)
    return id
  }

  /** Everybody there but the first three: on leave, absent and late. */
  async function registered(id: MeetingId, closes = true) {
    const { review, meeting } = await seen(id)
    const now = meeting.startsAt + 60_000
    const [onLeave, absent, late, ...rest] = review.members
    const record = (member: ReviewedMember | undefined, more: object) =>
      act('record-attendance', { week: id, memberId: member?.memberId, version: 0, ...more }, now)
    await record(onLeave, { standing: 'excused', leaveKind: 'sick' })
    await record(absent, { standing: 'absent' })
    await record(late, { standing: 'late' })
    await act('record-rest', { week: id, memberIds: rest.map(({ memberId }) => memberId) }, now)
    if (closes) await act('close-register', { week: id, version: await versionOf(id) }, now + 60_000)
    return { onLeave, absent, late }
  }

  const written = {
    content: '传达文件精神。\n讨论并确定发展对象 & 培养联系人 <名单附后>。',
    speeches: [{ name: '林晓', words: '谈了学习体会。' }],
    guests: [{ name: '王工', from: '市气象局' }],
    absences: [],
    resolutions: [{ text: '下月到社区义诊', owner: '陈立', due: '2026-04-10', isDone: false }],
  }

  let general: MeetingId
  let joint: MeetingId
  let open: MeetingId
  let people: { [Who in 'onLeave' | 'absent' | 'late']: ReviewedMember | undefined }

  beforeAll(async () => {
    general = await planned(
      { kind: 'general-meeting', alsoCountsAs: ['party-class'], topic: '讨论发展对象' },
      '2026-03-04',
    )
    people = await registered(general)
    const { review, quorum } = await seen(general)
    const afterwards = review.study.endsAt
    const absences = [{ memberId: people.absent?.memberId, reason: '外出采样' }]
    await act('keep-minutes', { of: general, ...written, absences, version: 0 }, afterwards)
    for (const [index, vote] of [
      { matter: '接收预备党员', inFavour: quorum.present - 1, against: 0, abstained: 1 },
      { matter: '更改活动日', inFavour: 1, against: quorum.present - 1, abstained: 0 },
    ].entries()) {
      await act('record-vote', { of: general, ...vote, version: index + 1 }, afterwards)
    }
    await act('file-meeting', { id: general, version: await versionOf(general) }, monday)

    const branches = [
      { id: branchId, name: castBranch.name },
      { id: otherBranch.id, name: otherBranch.name },
    ]
    const { alsoCountsAs: _, recorder: __, studyHours: ___, ...jointPlan } = plan
    const day = '2026-02-11'
    joint = meetingIdOf(2026, 'joint')
    await act(
      'plan-joint-meeting',
      { ...jointPlan, id: joint, kind: 'theme-day', topic: injected, heldOn: day, branches },
      instantOf(day, '08:00'),
      organization,
    )
    const args = { organizationId: demoOrganizationId, jointId: joint, heldOn: day, studyHours: 2 }
    await act('join-meeting', args, instantOf(day, '09:00'))
    await registered(joint)

    open = await planned(
      { kind: 'collective-study', topic: '还没有关闭', agenda: [], place: '', host: '' },
      '2026-03-05',
    )
    await registered(open, false)
  })

  const runsOf = (xml: string) =>
    [...xml.matchAll(/<w:t[ >][^<]*|<w:t>[^<]*/g)]
      .map(([run]) => run.replace(/^<w:t[^>]*>/, ''))
      .join('')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
  const wordsOf = (bytes: Buffer) => runsOf(textOf(bytes))
  /** The rows of all tables, by their first cell. */
  const cellsOf = (bytes: Buffer) =>
    [...textOf(bytes).matchAll(/<w:tr[ >].*?<\/w:tr>/gs)].map(([row]) =>
      [...row.matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(([cell]) => runsOf(cell)),
    )
  const factOf = (bytes: Buffer, label: string) =>
    cellsOf(bytes)
      .flatMap((row) => (row.includes(label) ? [row[row.indexOf(label) + 1]] : []))
      .at(0)
  const minutesFile = (who: Who, meeting: MeetingId) => fileOf(who, { kind: 'minutes', branchId, meeting })

  test('the minutes say what is recorded, with the figures of the screens', async () => {
    const { fileName, bytes } = await minutesFile(secretary.personId, general)
    expect(fileName).toBe('会议记录-科技馆第三党支部-支部党员大会-2026-03-04.docx')
    const { review, minutes, quorum } = await seen(general)
    const { tally, study } = review
    const text = wordsOf(bytes)
    expect(text).toContain('科技馆第三党支部党员大会会议记录')
    expect(factOf(bytes, '时间')).toBe('2026-03-04 18:00–19:30')
    expect(factOf(bytes, '地点')).toBe(study.place)
    expect(factOf(bytes, '主持人')).toBe(secretary.name)
    expect(factOf(bytes, '记录人')).toBe(committeeMember.name)
    expect(factOf(bytes, '类别')).toBe('支部党员大会（同时计为党课）')
    expect(factOf(bytes, '应到')).toBe(`${tally.expected} 人`)
    expect(factOf(bytes, '实到')).toBe(`${tally['on-time'] + tally.late} 人（其中迟到 ${tally.late} 人）`)
    expect(factOf(bytes, '有表决权')).toBe(`应到会 ${quorum.entitled} 人`)
    expect(factOf(bytes, '其中实到')).toBe(`${quorum.present} 人`)
    expect(factOf(bytes, '请假')).toBe(`${tally.excused} 人：${people.onLeave?.name}（病假）`)
    expect(factOf(bytes, '缺席')).toBe(`${tally.absent} 人：${people.absent?.name}（外出采样）`)
    const there = review.members.filter(({ standing }) => standing === 'on-time' || standing === 'late')
    expect(factOf(bytes, '到会人员')).toBe(there.map(({ name }) => name).join('、'))
    expect(factOf(bytes, '列席')).toBe('王工（市气象局）')
    expect(factOf(bytes, '归档情况')).toBe(`已归档（补录），${formatInstant(study.filedAt ?? 0)}`)
    for (const line of [
      ...study.agenda.map((each, index) => `${index + 1}. ${each}`),
      ...(minutes?.content.split('\n') ?? ['?']),
      '林晓：谈了学习体会。',
      '1. 下月到社区义诊（责任人：陈立，期限：2026-04-10）',
      '主持人签字：',
      '记录人签字：',
    ]) {
      expect(text).toContain(line)
    }
    expect(minutes?.votes).toHaveLength(2)
    minutes?.votes.forEach((vote, index) => {
      const { entitled, present, inFavour, against, abstained } = vote
      expect({ entitled, present }).toEqual({ entitled: quorum.entitled, present: quorum.present })
      expect(text).toContain(
        `${index + 1}. ${vote.matter}：应到会有表决权 ${entitled} 人，实到 ${present} 人；` +
          `赞成 ${inFavour}、反对 ${against}、弃权 ${abstained}，${vote.isPassed ? '通过' : '未通过'}。`,
      )
    })
    expect(new Set(minutes?.votes.map(({ isPassed }) => isPassed))).toEqual(new Set([true, false]))
    expect(text).not.toContain('（未填写）')
    expect(textOf(bytes, 'word/footer1.xml')).toContain(`截至 ${formatInstant(monday)}`)
  })

  test('what nobody wrote down is said to be missing, and a joint meeting names its branches', async () => {
    const { bytes } = await minutesFile(secretary.personId, open)
    expect(factOf(bytes, '地点')).toBe('（未填写）')
    expect(factOf(bytes, '主持人')).toBe('（未填写）')
    expect(factOf(bytes, '列席')).toBe('（未填写）')
    const text = wordsOf(bytes)
    expect(text).toMatch(/一、议程（未填写）二、会议内容（未填写）三、交流发言（未填写）四、决议（未填写）/)
    expect(text).not.toContain('表决')
    expect(factOf(bytes, '归档情况')).toContain('登记簿还没有关闭')
    expect(factOf(bytes, '缺席')).toContain(`${people.absent?.name}（原因未填写）`)

    const together = await minutesFile(secretary.personId, joint)
    expect(factOf(together.bytes, '联合会议')).toBe(`${castBranch.name}、${otherBranch.name}`)
    expect(factOf(together.bytes, '议题')).toBe(injected)
    const parts = Object.keys(unzipSync(new Uint8Array(together.bytes)))
    expect(textOf(together.bytes)).not.toMatch(/w:instrText|w:hyperlink/)
    expect(parts.some((name) => name.includes('embeddings'))).toBe(false)
  })

  test('the minutes are the keepers’; the kind of a leave is the secretary’s alone', async () => {
    const { bytes } = await minutesFile(committeeMember.personId, general)
    const { tally } = (await seen(general)).review
    expect(factOf(bytes, '请假')).toBe(`${tally.excused} 人：${people.onLeave?.name}`)
    expect(factOf(bytes, '缺席')).toContain('外出采样')
    expect(wordsOf(bytes)).not.toContain('病假')
    const asked = { kind: 'minutes', branchId, meeting: general } as const
    for (const who of [linXiao, otherSecretary, admin]) {
      expect(await exports.ask(who.personId, asked)).toBeUndefined()
    }
  })

  test('a meeting that is not there, or was called off, has no minutes', async () => {
    const off = await planned({ kind: 'group-meeting', topic: '取消的' }, '2026-03-06')
    const cancel = { id: off, reason: '改期', version: await versionOf(off) }
    await act('cancel-meeting', cancel, instantOf('2026-03-05', '10:00'))
    for (const meeting of [off, meetingIdOf(2026, 'nobody.1')]) {
      const made = await exports.ask(secretary.personId, { kind: 'minutes', branchId, meeting })
      expect(await settled(secretary.personId, made?.id ?? '')).toMatchObject({ state: 'failed' })
    }
  })

  test('a sign-in sheet is of a meeting as well', async () => {
    const asked = { kind: 'sign-in-sheet', branchId, week: general } as const
    const { fileName, bytes } = await fileOf(secretary.personId, asked)
    expect(fileName).toBe('签到表-科技馆第三党支部-支部党员大会-2026-03-04.docx')
    const { review, meeting } = await seen(general)
    expect(factOf(bytes, '时间')).toContain('18:00–19:30')
    expect(factOf(bytes, '地点')).toBe(meeting.place)
    expect(factOf(bytes, '议题')).toBe(meeting.topic)
    expect(factOf(bytes, '类别')).toBe('支部党员大会（同时计为党课）')
    const text = wordsOf(bytes)
    expect(text).toContain('支部党员大会签到表')
    for (const { name } of review.members) expect(text).toContain(name)
  })

  test('what was written of a weekly study is in its record, which keeps no room for it then', async () => {
    const asked = { kind: 'study-record', branchId, week: lastWeek } as const
    const before = wordsOf((await fileOf(secretary.personId, asked)).bytes)
    expect(before).not.toContain(written.speeches[0]?.words)
    const { members } = reviewOf(await everything(), branchId, lastWeek) ?? { members: [] }
    const absent = members.find(({ standing }) => standing === 'absent')
    const absences = absent === undefined ? [] : [{ memberId: absent.memberId, reason: '值班' }]
    await act('keep-minutes', { of: lastWeek, ...written, absences, version: 0 }, monday)
    const { bytes } = await fileOf(secretary.personId, asked)
    const text = wordsOf(bytes)
    for (const line of [...written.content.split('\n'), '林晓：谈了学习体会。']) expect(text).toContain(line)
    expect(factOf(bytes, '列席')).toBe('王工（市气象局）')
    expect(text).toContain(absent === undefined ? '缺席和请假' : `${absent.name}（缺席：值班）`)
    expect(cellsOf(bytes).some(([first]) => first === '学习内容' || first === '交流发言')).toBe(false)
  })

  /** As a table has a meeting: its figures are those of its register. */
  async function rowOf(meeting: HeldMeeting) {
    const { review, minutes, quorum } = await seen(meeting.id)
    const { tally } = review
    const missing = missingOf(meeting, minutes ?? noMinutes(meeting.id), review, quorum)
    const stage = stageOf(meeting, missing, monday)
    const [kind, ...also] = kindsOf(meeting).map((each) => meetingKindWords[each])
    return {
      日期: meeting.heldOn,
      类别: `${kind}${also.length === 0 ? '' : `（同时计为${also.join('、')}）`}`,
      议题: meeting.topic,
      应到: tally.expected,
      '到会（含迟到）': tally['on-time'] + tally.late,
      请假: tally.excused,
      缺席: tally.absent,
      待定: tally.held,
      归档情况: `${stageWords[stage]}${meeting.isBackfilled ? '（补录）' : ''}`,
    }
  }
  const countedIn = async (period: Parameters<typeof quotaBasisOf>[2]) =>
    (await everything())
      .list(branchScope(branchId), 'meeting', meetingsOf(period.year))
      .filter(isOn)
      .filter((each) => isCounted(each, monday) && isWithin(period, each.heldOn))
      .sort((a, b) => a.startsAt - b.startsAt)

  test('the ledger’s sheet of meetings is the records, days as days and numbers as numbers', async () => {
    const file = await fileOf(secretary.personId, { kind: 'ledger', branchId, period: year })
    const counted = await countedIn(year)
    const ids = counted.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining([joint, general]))
    expect(ids).not.toContain(open)
    const rows = await rowsOf(file.bytes, '会议活动')
    for (const [index, meeting] of counted.entries()) {
      const row = await rowOf(meeting)
      expect(rows[index]).toEqual({ ...row, 日期: new Date(`${row.日期}T00:00:00Z`) })
    }
    expect(rows[ids.indexOf(joint)]?.议题).toBe(injected)
    expect(rows[counted.length]?.类别 ?? null).toBeNull()
    for (const [name, part] of Object.entries(unzipSync(new Uint8Array(file.bytes)))) {
      if (name.includes('worksheets/')) expect(new TextDecoder().decode(part)).not.toMatch(/<f[ >]/)
    }
  })

  test.each([year, { year: 2026, quarter: 1 }, { year: 2026, month: 2 }])(
    'the handbook of %j has its meetings, and what was to be held',
    async (period) => {
      const { bytes } = await fileOf(secretary.personId, { kind: 'handbook', branchId, period })
      const cells = cellsOf(bytes)
      const counted = await countedIn(period)
      const own = (await Promise.all(counted.map(rowOf))).map((row) => Object.values(row).map(String))
      const titles = cells.findIndex((row) => row.includes('议题') && row.includes('归档情况'))
      expect(cells.slice(titles + 1, titles + 1 + own.length)).toEqual(own)

      const basis = quotaBasisOf(await everything(), branchId, period, monday)
      const counts = (row: readonly string[] = []) =>
        row.slice(2).map((cell) => Number.parseInt(cell, 10) || 0)
      const states: QuotaState['is'][] = ['met', 'missing', 'not-yet-due', 'not-applicable']
      for (const kind of meetingKinds) {
        const row = [...cells].reverse().find(([first]) => first === meetingKindWords[kind])
        const quota = quotaCells(basis, kind, period)
        expect(counts(row)).toEqual(
          states.map((state) => quota.filter((cell) => cell.state.is === state).length),
        )
        for (const { state } of quota) {
          if (state.is === 'not-applicable') expect(row?.at(-1)).toContain(notApplicableWords[state.why])
        }
      }
    },
  )

  test('a branch owes nothing from before its first record of the year', async () => {
    const records = await readRecords(database.pool, readQuotas(branchId, year))
    const { since, meetings } = quotaBasisOf(records, branchId, { year: 2026, month: 3 }, monday)
    const days = [
      ...meetings.map(({ heldOn }) => heldOn),
      ...ledgerOf(await recordsOf(), branchId, year, monday).reviews.map(({ study }) => study.heldOn),
    ].sort()
    expect(since).toBe(`${days[0]?.slice(0, 7)}-01`)
    const none = await readRecords(database.pool, [])
    expect(quotaBasisOf(none, branchId, { year: 2027, quarter: 2 }, monday).since).toBe('2027-04-01')
  })
})
