import fc from 'fast-check'
import { leaveChanges, lineChanges } from '#domain/attendance'
import { type CareSuggestion, carePromptsOf } from '#domain/care'
import { addDays, mondayOf, type Week, weekOf, weeksFrom } from '#domain/day'
import type { Membership } from '#domain/membership'
import type { RegisterLine } from '#domain/register'
import { branchScope, reviewScope, secretaryScope } from '#domain/scopes'
import { emptyTally } from '#domain/tally'
import type { HeldStudy, WeeklyStudy } from '#domain/weekly-study'
import {
  activist,
  admin,
  at,
  chenLi,
  committeeMember,
  elsewhere,
  home,
  inspector,
  linXiao,
  monday,
  onlineAt,
  outsider,
  TestBranch,
  week as thisWeek,
  zhouSecretary,
} from '../support/branch'

/** One letter for each week, the newest last: what became of Chen Li in it. */
const letters = {
  a: 'absent',
  e: 'on time',
  l: 'late',
  x: 'excused',
  h: 'held',
  m: 'absent, made up in time',
  M: 'absent, made up late',
  n: 'not expected: not among the names of the register',
  p: 'absent in the register, and on a long absence entered afterwards',
  s: 'no study held',
  o: 'the register is open',
  '?': 'the line has not reached this copy',
  '-': 'no study known',
} as const
type Letter = keyof typeof letters

const standings = { e: 'on-time', l: 'late', x: 'excused', h: 'held' } as const

function branchWith(history: string, now = monday): TestBranch {
  const branch = new TestBranch()
  const plain = branch.study()
  if (plain.state !== 'open') throw new Error('it is not open')
  const weeks = weeksFrom(weekOf(addDays(now, -7 * (history.length - 1))), history.length)
  const longAbsence: Membership['longAbsence'] = []
  weeks.forEach((week, index) => {
    const letter = history[index] as Letter // of the letters above
    const heldOn = mondayOf(week)
    const held: HeldStudy = { ...plain, week, heldOn }
    const { registerClosesAt: _, isReopened: __, ...kept } = plain
    const study: WeeklyStudy | undefined =
      letter === '-'
        ? undefined
        : letter === 's'
          ? { state: 'not-held', week, version: 1, isOverridden: false, reason: '停学' }
          : letter === 'o'
            ? held
            : { ...kept, week, heldOn, state: 'closed', closedAt: at('12:00', heldOn), tally: emptyTally }
    if (study !== undefined)
      branch.records.apply([{ scope: branchScope(home), type: 'weekly-study', key: week, value: study }])
    if (study?.state !== 'closed') return
    const everybody = [linXiao, chenLi, committeeMember, zhouSecretary]
    const expected = letter === 'n' ? everybody.filter((each) => each !== chenLi) : everybody
    const register = { week, state: 'closed' as const, expected, version: 1 }
    branch.records.apply([{ scope: reviewScope(home), type: 'register', key: week, value: register }])
    for (const memberId of expected) {
      const own: Letter = memberId === chenLi ? letter : 'e'
      if (own === '?') continue
      const line: RegisterLine = {
        week,
        branchId: home,
        memberId,
        standing: own in standings ? standings[own as keyof typeof standings] : 'absent',
        via: 'closing',
        source: 'on-site',
        receivedAt: at('12:00', heldOn),
        isLateSync: false,
        isBackfilled: false,
        isAmended: false,
        madeUp: own === 'm' ? 'in-time' : own === 'M' ? 'late' : undefined,
        version: 1,
      }
      // The tally is of no interest here.
      branch.records.apply(lineChanges(held, undefined, line).filter(({ type }) => type !== 'weekly-study'))
    }
    if (letter === 'p') longAbsence.push({ from: heldOn, until: addDays(heldOn, 7) })
  })
  branch.enrol(chenLi, { longAbsence })
  return branch
}

const prompts = (branch: TestBranch, reader = zhouSecretary, now = at('13:00')) =>
  carePromptsOf(branch.records, reader, home, now)
const daysOf = (branch: TestBranch) => prompts(branch)[0]?.missed.map(({ heldOn }) => heldOn)
const notes = (branch: TestBranch, throughWeek: Week, note = '家中有事，已约时间再谈', who = chenLi) =>
  branch.act(zhouSecretary, 'note-care', { memberId: who, throughWeek, note }, onlineAt('14:00'))

describe('who is asked after', () => {
  test.each<[string, CareSuggestion | undefined, string]>([
    ['', undefined, 'nothing was held yet'],
    ['ea', undefined, 'one absence'],
    ['eaa', 'call', 'two'],
    ['eaaa', 'talk', 'three'],
    ['eaaaa', 'visit', 'four'],
    ['aaaaaaaaaaaa', 'visit', 'all that is looked at'],
    ['aaae', undefined, 'came again'],
    ['aaal', undefined, 'came late'],
    ['aaax', undefined, 'asked leave'],
    ['aaah', undefined, 'the secretary has still to decide'],
    ['aaam', undefined, 'made it up'],
    ['aaaM', undefined, 'made it up late'],
    ['aaxa', undefined, 'one since a leave'],
    ['aama', undefined, 'one since a make-up'],
    ['aaMaa', 'call', 'two since a make-up'],
    ['anna', 'call', 'weeks they did not belong to do not end it'],
    ['an', undefined, 'nor do they count'],
    ['appa', 'call', 'nor weeks of a long absence'],
    ['ap', undefined, 'which do not count either'],
    ['asa', 'call', 'nor a week without a study'],
    ['a-a', 'call', 'nor one that is not on the phone'],
    ['aa?', undefined, 'what is not known yet is no absence'],
    ['aa?a', undefined, 'and parts what is before it from what is after'],
    ['eaao', 'call', 'the open register says nothing yet'],
    ['eao', undefined, 'not even of an absence'],
  ])('%s → %s: %s', (history, suggestion) => {
    const branch = branchWith(history)
    expect(prompts(branch).map((each) => [each.memberId, each.suggestion])).toEqual(
      suggestion === undefined ? [] : [[chenLi, suggestion]],
    )
  })

  test('with the days, the oldest first', () => {
    expect(daysOf(branchWith('eaasa'))).toEqual(['2025-02-17', '2025-02-24', '2025-03-10'])
  })

  test('no more than twelve studies are looked at, and nothing older than half a year', () => {
    expect(daysOf(branchWith('a'.repeat(40)))).toHaveLength(12)
    expect(daysOf(branchWith(`aa${'s'.repeat(24)}`))).toHaveLength(2)
    expect(daysOf(branchWith(`aa${'s'.repeat(25)}`))).toBeUndefined()
  })

  test('a leave that was not granted is among the facts', () => {
    const branch = branchWith('eaa')
    const leave = { branchId: home, memberId: chenLi, kind: 'personal', note: '', askedAt: 0 } as const
    const states = { '2025-W10': 'withdrawn', '2025-W11': 'declined' } as const
    for (const [week, state] of Object.entries(states))
      branch.records.apply(leaveChanges({ ...leave, week, state, receivedAt: 0, version: 1 }))
    expect(prompts(branch)[0]?.declined.map(({ week }) => week)).toEqual(['2025-W11'])
  })

  test('nobody who has left, and nobody about themselves', () => {
    const branch = branchWith('eaa')
    branch.enrol(chenLi, { spells: [{ from: '2020-01-01', until: monday }] })
    expect(prompts(branch)).toEqual([])
    const own = branchWith('eaa')
    own.enrol(chenLi, {}, [{ role: 'secretary', branchId: home }])
    expect(prompts(own)).toHaveLength(1)
    expect(prompts(own, chenLi)).toEqual([])
  })

  test('whoever was missed last comes first, whatever the number of times', () => {
    const branch = branchWith('eaaaaa')
    const lines = ['2025-W09', '2025-W10'].flatMap((week) => {
      const key = `${week}/${linXiao}`
      return branch.records.get(reviewScope(home), 'register-line', key) ?? []
    })
    const last = branch.records.get(reviewScope(home), 'register-line', `${thisWeek}/${linXiao}`)
    const write = (line: RegisterLine) =>
      branch.records.apply([
        {
          scope: reviewScope(home),
          type: 'register-line',
          key: `${line.week}/${line.memberId}`,
          value: line,
        },
      ])
    for (const line of lines) write({ ...line, standing: 'absent' })
    branch.enrol(linXiao, { exempt: [{ from: monday }] })
    expect(prompts(branch).map(({ memberId }) => memberId)).toEqual([chenLi, linXiao])
    branch.enrol(linXiao)
    if (last !== undefined) write({ ...last, standing: 'absent' })
    branch.enrol(chenLi, { exempt: [{ from: monday }] })
    expect(prompts(branch).map(({ memberId }) => memberId)).toEqual([linXiao, chenLi])
  })

  test('as a naive count has it, whatever happened', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'aaaaaaelxhmMnnpso-?'), { maxLength: 32 }).map((all) => all.join('')),
        (history) => {
          const closed = [...history.slice(-26)].filter((letter) => !'so-'.includes(letter)).slice(-12)
          const expected = closed.filter((letter) => !'np'.includes(letter)).join('')
          const times = /a*$/.exec(expected)?.[0].length ?? 0
          const found = prompts(branchWith(history))
          expect(found.map(({ missed }) => missed.length)).toEqual(times < 2 ? [] : [times])
        },
      ),
      { numRuns: 300 },
    ))
})

describe('it is for the secretary alone', () => {
  test.each([
    ['a committee member', committeeMember],
    ['a member', linXiao],
    ['the one it is about', chenLi],
    ['an activist', activist],
    ['the admin', admin],
    ['an inspector', inspector],
    ['the secretary of another branch', outsider],
  ])('%s is told nothing, whatever their copy holds', (_, reader) => {
    const branch = branchWith('eaaa')
    expect(prompts(branch)).toHaveLength(1)
    expect(prompts(branch, reader)).toEqual([])
    expect(carePromptsOf(branch.records, zhouSecretary, elsewhere, at('13:00'))).toEqual([])
  })

  test('and so is what the secretary notes', () => {
    const branch = branchWith('eaa')
    const before = new Map(JSON.parse(branch.records.snapshot()) as [string, unknown][])
    expect(notes(branch, thisWeek)).toBe('accepted')
    const after = JSON.parse(branch.records.snapshot()) as [string, unknown][]
    expect(after.filter(([name]) => !before.has(name)).map(([name]) => name)).toEqual([
      `${secretaryScope(home)} care-note ${chenLi}`,
    ])
    expect(after).toHaveLength(before.size + 1)
  })
})

describe('noted', () => {
  test('it is gone, until they are missed again', () => {
    const branch = branchWith('eaao')
    expect(notes(branch, '2025-W10')).toBe('accepted')
    expect(prompts(branch)).toEqual([])

    const { version } = branch.study()
    const close = { week: thisWeek, version }
    expect(branch.act(zhouSecretary, 'close-register', close, onlineAt('15:00'))).toBe('accepted')
    const back = prompts(branch).find(({ memberId }) => memberId === chenLi)
    expect(back).toMatchObject({
      throughWeek: thisWeek,
      suggestion: 'talk',
      noted: { throughWeek: '2025-W10', note: '家中有事，已约时间再谈', notedAt: at('14:00') },
    })
    expect(notes(branch, thisWeek, '又谈了一次')).toBe('accepted')
    expect(prompts(branch).filter(({ memberId }) => memberId === chenLi)).toEqual([])
  })

  test('it stays gone when the last absence turns out to be none, or the register is opened again', () => {
    const branch = branchWith('eaaa')
    notes(branch, thisWeek)
    const args = { week: thisWeek, memberId: chenLi, standing: 'excused', leaveKind: 'official' }
    const told = { ...args, reason: '会前说过', version: 1 }
    expect(branch.act(zhouSecretary, 'record-attendance', told, onlineAt('15:00'))).toBe('accepted')
    expect(prompts(branch)).toEqual([])

    const other = branchWith('eaaa')
    notes(other, thisWeek)
    const reopen = { week: thisWeek, reason: '补登', version: other.study().version }
    expect(other.act(zhouSecretary, 'reopen-register', reopen, onlineAt('15:00'))).toBe('accepted')
    expect(prompts(other)).toEqual([])
  })

  test('a note of an earlier time is not brought up again', () => {
    const branch = branchWith('aaeaa')
    notes(branch, '2025-W08')
    expect(prompts(branch)).toMatchObject([{ suggestion: 'call', noted: undefined }])
  })

  test('twice is the same as once, and does not change what was written', () => {
    const branch = branchWith('eaa')
    const noted = () => branch.records.get(secretaryScope(home), 'care-note', chenLi)
    expect(notes(branch, thisWeek)).toBe('accepted')
    const first = noted()
    const again = { memberId: chenLi, throughWeek: thisWeek, note: ' 家中有事，已约时间再谈 ' }
    expect(branch.act(zhouSecretary, 'note-care', again, onlineAt('16:00'))).toBe('accepted')
    expect(notes(branch, thisWeek, '另一句')).toBe('already-decided')
    expect(notes(branch, '2025-W10', '另一句')).toBe('already-decided')
    expect(noted()).toEqual(first)
  })

  test.each([
    { what: 'about somebody of another branch', more: { memberId: outsider }, refusal: 'not-on-roster' },
    { what: 'of a week without them', more: { throughWeek: '2025-W09' }, refusal: 'not-on-roster' },
    { what: 'of a week that is to come', more: { throughWeek: '2025-W12' }, refusal: 'not-on-roster' },
    { what: 'without words', more: { note: '  ' }, refusal: 'malformed' },
    { what: 'with too many', more: { note: '写'.repeat(201) }, refusal: 'malformed' },
  ])('not $what: $refusal', ({ more, refusal }) => {
    const branch = branchWith('naa')
    const args = { memberId: chenLi, throughWeek: thisWeek, note: '写'.repeat(200), ...more }
    expect(branch.act(zhouSecretary, 'note-care', args, onlineAt('14:00'))).toBe(refusal)
  })

  test('nor about somebody who has left, nor by anybody else', () => {
    const branch = branchWith('eaa')
    const args = { memberId: chenLi, throughWeek: thisWeek, note: '已联系' }
    for (const who of [committeeMember, linXiao, admin, inspector, outsider])
      expect(branch.act(who, 'note-care', args, onlineAt('14:00'))).toBe('not-allowed')
    branch.enrol(chenLi, { spells: [{ from: '2020-01-01', until: monday }] })
    expect(notes(branch, thisWeek)).toBe('not-on-roster')
  })
})
