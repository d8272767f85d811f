import { instantOf, weeksFrom } from '#domain/day'
import { type PersonId, personId } from '#domain/ids'
import type { Change } from '#domain/records'
import { reviewScope } from '#domain/scopes'
import { type Standing, standings } from '#domain/tally'
import { standingWords } from '#domain/words'
import { Exports } from '#server/exports/exports'
import { render } from '#server/exports/render'
import { inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { writeChanges } from '#server/storage/rows'
import { secretary } from '#support/cast'
import { closedWeek } from '#support/closed-week'
import { freshDatabase } from '#support/database'
import { rowsOf } from '#support/exported'
import { openStudy } from '#support/open-study'
import { castBranch } from '../../server/demo/cast'
import { seedDemo } from '../../server/demo/seed'

jest.setTimeout(120_000)

const branchId = castBranch.id
const now = instantOf('2026-03-09', '09:40')
const weeks = weeksFrom('2025-W02', 51)
const names = Array.from({ length: 500 }, (_, index) => `黄河${index}`)

/** One in eight is not there, another one each week. */
const standingIn = (week: number, member: number): Standing =>
  (week + member) % 8 === 0 ? (member % 2 === 0 ? 'absent' : 'excused') : 'on-time'

const idOf = (member: number): PersonId => personId(`crowd-${String(member).padStart(4, '0')}`)

function* crowd(): Generator<Change[]> {
  yield names.map((name, member) => ({
    scope: reviewScope(branchId),
    type: 'membership',
    key: idOf(member),
    value: {
      ...{ branchId, personId: idOf(member), name, membership: 'full' },
      ...{ spells: [{ from: '2024-01-01' }], exempt: [], longAbsence: [] },
    },
  }))
  for (const [index, week] of weeks.entries()) {
    yield closedWeek(
      branchId,
      openStudy(week),
      names.map((_, member) => [idOf(member), standingIn(index, member)]),
    )
  }
}

test('a year of a branch with 500 members: the files are whole, every absence has its row, and the parts add up', async () => {
  const created = await freshDatabase()
  const database = openDatabase(created.url)
  const failures: Error[] = []
  const exports = new Exports({
    database,
    now: () => now,
    render,
    onFailure: (error) => failures.push(error),
  })
  try {
    await migrate(database)
    await seedDemo(database, { now, scale: 'small' })
    for (const changes of crowd()) await inTransaction(database, (client) => writeChanges(client, changes))

    const fileOf = async (kind: 'ledger' | 'handbook') => {
      const asked = await exports.ask(secretary.personId, { kind, branchId, period: { year: 2025 } })
      if (asked === undefined) throw new Error('refused')
      for (;;) {
        const found = await exports.look(secretary.personId, asked.id)
        if (found?.state !== 'asked') break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const file = await exports.file(secretary.personId, asked.id)
      if (file === undefined) throw new Error(`no file: ${failures}`)
      return file.bytes
    }

    const ledger = await fileOf('ledger')
    const sums = (await rowsOf(ledger, '学习台账')).filter(({ 日期 }) => String(日期).endsWith('合计'))
    const year = sums.pop()
    expect(year?.应到).toBe(weeks.length * names.length)
    for (const title of ['应到', ...standings.map((each) => standingWords[each])]) {
      expect(sums.reduce((sum, row) => sum + Number(row[title]), 0)).toBe(year?.[title])
    }
    const missed = weeks.flatMap((_, week) =>
      names.filter((_, member) => standingIn(week, member) !== 'on-time'),
    )
    const away = (await rowsOf(ledger, '缺席与请假')).map((row) => row.姓名)
    expect(away.filter((name) => typeof name === 'string').sort()).toEqual(missed.sort())
    expect((await fileOf('handbook')).length).toBeGreaterThan(10_000)
    expect(failures).toEqual([])
  } finally {
    await exports.stop()
    await database.close()
    await created.drop()
  }
})
