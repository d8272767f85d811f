import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { lineKey } from '#domain/attendance'
import { carePromptsOf } from '#domain/care'
import { dayOf, instantOf } from '#domain/day'
import { belongsOn, isExpectedOn } from '#domain/membership'
import { type Change, recordSchemas } from '#domain/records'
import { branchScope, leaveScope, memberScope, reviewScope, scopeSchema } from '#domain/scopes'
import { sumOf, tallyOf } from '#domain/tally'
import { association, type DemoAssociation } from '../../server/demo/association'
import { cast, castBranch } from '../../server/demo/cast'
import { MemoryRecords } from '../support/branch'
import { secretary } from '../support/cast'

const now = instantOf('2026-03-11', '10:00') // a Wednesday; the weeks before hold the Spring Festival

const everything = (demo: DemoAssociation): Change[] => [
  ...demo.shared(),
  ...demo.rosters.flatMap((roster) => demo.ofBranch(roster)),
]

describe('a small association', () => {
  const demo = association({ seed: 'test', now, branches: 6, people: 200, weeks: 10 })
  const changes = everything(demo)
  const records = new Map(changes.map((each) => [`${each.scope} ${each.type} ${each.key}`, each.value]))
  const recordOf = (scope: string, type: string, key: string) => records.get(`${scope} ${type} ${key}`)

  test('is the same each time', () => {
    const hash = (rows: readonly Change[]) => createHash('sha256').update(JSON.stringify(rows)).digest('hex')
    const again = association({ seed: 'test', now, branches: 6, people: 200, weeks: 10 })
    const other = association({ seed: 'other', now, branches: 6, people: 200, weeks: 10 })
    expect(hash(everything(again))).toBe(hash(changes))
    expect(hash(everything(other))).not.toBe(hash(changes))
  })

  test('holds nothing that the app could not read', () => {
    for (const { scope, type, key, value } of changes) {
      expect(v.is(scopeSchema, scope)).toBe(true)
      if (!v.is(recordSchemas[type], value)) throw new Error(`${scope} ${type} ${key}`)
    }
    expect(records.size).toBe(changes.length) // no record is there twice
  })

  test('every closed register adds up, and charges nobody who did not belong', () => {
    let closed = 0
    for (const { named, memberships } of demo.rosters) {
      for (const week of demo.weeks) {
        const study = v.parse(
          recordSchemas['weekly-study'],
          recordOf(branchScope(named.id), 'weekly-study', week),
        )
        if (study.state !== 'closed') {
          expect(study.state).toBe('not-held')
          continue
        }
        closed += 1
        const register = v.parse(recordSchemas.register, recordOf(reviewScope(named.id), 'register', week))
        const lines = register.expected.map((id) =>
          v.parse(
            recordSchemas['register-line'],
            recordOf(reviewScope(named.id), 'register-line', lineKey(week, id)),
          ),
        )
        expect(tallyOf(lines)).toEqual(study.tally)
        const { expected, madeUp, ...rest } = sumOf([study.tally])
        expect(Object.values(rest).reduce((a, b) => a + b, 0)).toBe(expected)
        expect(madeUp).toBeLessThanOrEqual(study.tally.absent + study.tally.excused)
        expect(register.expected).toEqual(
          memberships.filter((each) => isExpectedOn(each, study.heldOn)).map((each) => each.personId),
        )
      }
    }
    expect(closed).toBeGreaterThan(6 * 8)
    expect(demo.weeks).toContain('2026-W08') // 2026-02-16: the Spring Festival takes the whole week
    expect(recordOf(branchScope(castBranch.id), 'weekly-study', '2026-W08')).toMatchObject({
      state: 'not-held',
    })
  })

  test('a member and the branch have the same line and the same leave', () => {
    const shared = changes.filter((each) => each.type === 'register-line' || each.type === 'leave')
    for (const { scope, type, value } of shared) {
      if (!scope.startsWith('member:')) continue
      const { week, branchId, memberId } = v.parse(recordSchemas[type as 'leave' | 'register-line'], value)
      const of = type === 'leave' ? leaveScope(branchId) : reviewScope(branchId)
      expect(scope).toBe(memberScope(memberId))
      expect(recordOf(of, type, lineKey(week, memberId))).toEqual(value)
    }
    expect(shared.length).toBeGreaterThan(1_000)
  })

  test('nothing in it happened after now', () => {
    const instants = JSON.stringify(changes.map((each) => each.value)).match(/"(receivedAt|at)":\d+/g) ?? []
    expect(instants.length).toBeGreaterThan(1_000)
    expect(instants.every((each) => Number(each.split(':')[1]) <= now)).toBe(true)
  })

  test('the secretary of the cast has a claim to decide', () => {
    const week = demo.weeks.at(-1) ?? ''
    const lines = changes.flatMap((each) =>
      each.scope === reviewScope(castBranch.id) && each.type === 'register-line' ? [each.value] : [],
    )
    expect(lines.filter((line) => line.week === week && line.heldBecause === 'arrived-late')).toHaveLength(1)
  })

  test('and one or two to ask after: nobody of the cast, and nobody else is told', () => {
    const copy = new MemoryRecords()
    copy.apply(changes)
    const prompts = carePromptsOf(copy, secretary.personId, castBranch.id, now)
    expect([1, 2]).toContain(prompts.length)
    const missed = prompts.find((each) => each.missed.length === 2)
    expect(missed?.missed.map(({ week }) => week)).toEqual(demo.weeks.slice(-2))
    for (const { memberId } of prompts) expect(cast.map((each) => each.personId)).not.toContain(memberId)
    for (const { personId } of cast.filter((each) => each !== secretary))
      expect(carePromptsOf(copy, personId, castBranch.id, now)).toEqual([])
  })

  test('measures nobody', () => {
    const text = JSON.stringify(changes)
    expect(text).not.toMatch(/排名|排行|积分|连续打卡|在线时长|阅读时长|学习时长|打卡/)
    expect(text).not.toMatch(/onlineTime|readingSeconds|duration|ranking|score|points|streak|latitude|phone/i)
  })
})

describe('the association in its full size', () => {
  const demo = association({ seed: 'demo', now, weeks: 2 })
  const today = dayOf(now)
  const current = demo.rosters.map(({ memberships }) => memberships.filter((each) => belongsOn(each, today)))

  test('has 110 branches in three families, and 3,000 people', () => {
    expect(demo.rosters).toHaveLength(110)
    expect(new Set(demo.rosters.map(({ named }) => named.name)).size).toBe(110)
    expect([...new Set(demo.rosters.map(({ named }) => named.family))].sort()).toEqual(
      ['机关', '直属单位', '科技社团'].sort(),
    )
    expect(demo.people).toHaveLength(3_000)
    expect(new Set(demo.people.map(({ id }) => id)).size).toBe(3_000)
  })

  test('has branches from 3 to 60, and the cast at home in one of 42', () => {
    const sizes = current.map((each) => each.length)
    expect(Math.min(...sizes)).toBe(3)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60)
    const home = current[demo.rosters.findIndex(({ named }) => named.id === castBranch.id)] ?? []
    expect(home).toHaveLength(42)
    expect(home.filter((each) => isExpectedOn(each, today))).toHaveLength(38)
    for (const { personId, branchId } of cast) {
      const own = current.flat().filter((each) => each.personId === personId)
      expect(own.map((each) => each.branchId)).toEqual(branchId === undefined ? [] : [branchId])
    }
  })

  test('has one secretary everywhere and a committee from seven full members on', () => {
    for (const [index, { named, keepers }] of demo.rosters.entries()) {
      const full = current[index]?.filter((each) => each.membership === 'full').length ?? 0
      expect([named.id, keepers.length]).toEqual([named.id, full >= 7 ? 3 : 1])
    }
    const offices = demo.people.flatMap((person) => person.appointments)
    expect(offices.filter(({ role }) => role === 'secretary')).toHaveLength(110)
  })

  test('has some who share a name, and some who changed branch', () => {
    const names = demo.people.map(({ name }) => name)
    expect(new Set(names).size).toBeLessThan(names.length)
    const everIn = demo.rosters.flatMap(({ memberships }) => memberships.map((each) => each.personId))
    expect(everIn.length - new Set(everIn).size).toBe(30)
  })
})
