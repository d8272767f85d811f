import * as fc from 'fast-check'
import type { ArgsOf } from '#domain/commands'
import { furthest, itemKey, movedTo, type ReadingItem, type ReadingProgress, stateOf } from '#domain/reading'
import { readPasted } from '#domain/reading-paste'
import { comparable, findReading } from '#domain/reading-search'
import { hasReflection, inTheMiddle, itemsOf, readingLists, standingNotes } from '#domain/reading-shelf'
import { branchScope, memberScope, organizationScope } from '#domain/scopes'
import {
  admin,
  association,
  chenLi,
  committeeMember,
  home,
  linXiao,
  onlineAt,
  TestBranch,
  zhouSecretary,
} from '../support/branch'

const above = organizationScope(association)
const own = memberScope(linXiao)
const book = (id: string, more: Partial<ReadingItem> = {}): ReadingItem => ({
  listId: 'l1',
  id,
  place: 1,
  kind: 'book',
  title: `书${id}`,
  source: '人民出版社',
  chapters: 12,
  isRequired: true,
  version: 0,
  ...more,
})
const list = (more = {}) => ({ id: 'l1', title: '支部书单', about: '', version: 0, ...more })

function withList(items: ReadingItem[] = [book('a'), book('b', { place: 2, isRequired: false })]) {
  const branch = new TestBranch()
  expect(branch.act(zhouSecretary, 'keep-reading-list', { list: list(), items }, onlineAt('09:00'))).toBe(
    'accepted',
  )
  return branch
}
const itemsIn = (branch: TestBranch) =>
  readingLists(branch.records, association, [home]).flatMap((listed) => itemsOf(branch.records, listed))
const says = (branch: TestBranch, args: ArgsOf<'keep-reading-place'>, clock = '09:00') =>
  branch.act(linXiao, 'keep-reading-place', args, onlineAt(clock), above)
const writes = (branch: TestBranch, args: Partial<ArgsOf<'write-reading-note'>>, clock = '09:00') =>
  branch.act(
    linXiao,
    'write-reading-note',
    {
      ...{
        listId: 'l1',
        itemId: 'a',
        noteId: 'n1',
        versionId: 'v1',
        kind: 'note',
        words: '好',
        replaces: [],
      },
      ...args,
    },
    onlineAt(clock),
    above,
  )

describe('a list', () => {
  test('holds its items in their order, without those that were taken away', () => {
    const branch = withList([book('a', { place: 3 }), book('b', { place: 2 }), book('c', { place: 3 })])
    expect(itemsIn(branch).map(({ id }) => id)).toEqual(['b', 'a', 'c'])
    const gone = { ...book('b', { place: 2 }), version: 1, isWithdrawn: true }
    const args = { list: list({ version: 1 }), items: [gone] }
    expect(branch.act(committeeMember, 'keep-reading-list', args, onlineAt('09:00'))).toBe('accepted')
    expect(itemsIn(branch).map(({ id }) => id)).toEqual(['a', 'c'])
  })

  test('two keepers add to one list at a time, and neither is in the other’s way', () => {
    const branch = withList([])
    const adds = (id: string) => ({ list: list({ version: 1 }), items: [book(id)] })
    expect(branch.act(zhouSecretary, 'keep-reading-list', adds('x'), onlineAt('09:00'))).toBe('accepted')
    expect(branch.act(committeeMember, 'keep-reading-list', adds('y'), onlineAt('09:00'))).toBe('accepted')
    expect(itemsIn(branch).map(({ id }) => id)).toEqual(['x', 'y'])
  })

  test.each([
    ['a name that was changed meanwhile', { list: list({ title: '新名' }), items: [] }, 'changed-meanwhile'],
    [
      'an item that was changed meanwhile',
      { list: list({ version: 1 }), items: [book('a')] },
      'changed-meanwhile',
    ],
    ['one item twice', { list: list({ version: 1 }), items: [book('x'), book('x')] }, 'malformed'],
    [
      'an item of another list',
      { list: list({ version: 1 }), items: [book('x', { listId: 'l2' })] },
      'malformed',
    ],
    [
      'more than fifty at once',
      { list: list({ version: 1 }), items: Array.from({ length: 51 }, (_, index) => book(`x${index}`)) },
      'malformed',
    ],
    [
      'a link that is none',
      { list: list({ version: 1 }), items: [book('x', { url: 'javascript:alert(1)' })] },
      'malformed',
    ],
    ['a title of nothing', { list: list({ version: 1 }), items: [book('x', { title: ' ' })] }, 'malformed'],
  ])('refuses %s, and nothing changes', (_what, args, refusal) => {
    const branch = withList()
    const before = branch.records.snapshot()
    expect(branch.act(zhouSecretary, 'keep-reading-list', args, onlineAt('09:00'))).toBe(refusal)
    expect(branch.records.snapshot()).toBe(before)
  })

  test('the organisation’s comes first, and only its admin keeps it', () => {
    const branch = withList()
    const args = { list: { ...list(), id: 'l2', title: '上级书单' }, items: [] }
    expect(branch.act(zhouSecretary, 'hand-down-reading-list', args, onlineAt('09:00'), above)).toBe(
      'not-allowed',
    )
    expect(branch.act(admin, 'hand-down-reading-list', args, onlineAt('09:00'), above)).toBe('accepted')
    const titles = readingLists(branch.records, association, [home]).map((each) => each.list.title)
    expect(titles).toEqual(['上级书单', '支部书单'])
  })
})

describe('where somebody is', () => {
  const to = fc.record({ chapter: fc.integer({ min: 0, max: 12 }), isRead: fc.boolean() })
  const heard = fc.record({
    round: fc.integer({ min: 0, max: 3 }),
    chapter: fc.integer({ min: 0, max: 12 }),
    isRead: fc.boolean(),
    at: fc.integer({ min: 0, max: 9 }),
  })
  const progress = (said: Omit<ReadingProgress, 'listId' | 'itemId'>): ReadingProgress => ({
    ...{ listId: 'l1', itemId: 'a' },
    ...said,
  })

  test('what two devices say is put together alike in any order, as often as it comes', () => {
    fc.assert(
      fc.property(fc.array(heard, { minLength: 1, maxLength: 6 }), fc.integer(), (said, seed) => {
        const all = said.map(progress)
        const mixed = [...all, ...all].sort((a, b) => ((a.at * 31 + seed) % 7) - ((b.at * 17 + seed) % 7))
        const put = (each: ReadingProgress[]) => each.reduce<ReadingProgress | undefined>(furthest, undefined)
        expect(put(mixed)).toEqual(put(all))
        expect(put(all)?.round).toBe(Math.max(...all.map(({ round }) => round)))
        expect(put(all)?.at).toBe(Math.max(...all.map((each) => each.at)))
      }),
    )
  })

  test('on one device it is what was said last, forwards, backwards and anew', () => {
    fc.assert(
      fc.property(fc.array(to, { minLength: 1, maxLength: 12 }), (moves) => {
        const branch = withList()
        for (const move of moves) {
          const before = branch.records.get(own, 'reading-progress', itemKey('l1', 'a'))
          expect(says(branch, movedTo(before, book('a'), move))).toBe('accepted')
          expect(branch.records.get(own, 'reading-progress', itemKey('l1', 'a'))).toMatchObject(move)
        }
      }),
    )
  })

  test('is unread, reading, read, and reflected upon; the latest is what one goes on with', () => {
    const branch = withList()
    const lists = readingLists(branch.records, association, [home])
    const stands = (id: string) =>
      stateOf(
        branch.records.get(own, 'reading-progress', itemKey('l1', id)),
        hasReflection(standingNotes(branch.records, linXiao, { listId: 'l1', id })),
      )
    const goesOnWith = () => inTheMiddle(branch.records, linXiao, lists).map(({ item }) => item.id)
    expect([stands('a'), goesOnWith()]).toEqual(['unread', []])
    says(branch, movedTo(undefined, book('a'), { chapter: 0, isRead: false }), '09:00')
    says(branch, movedTo(undefined, book('b'), { chapter: 2, isRead: false }), '09:10')
    expect([stands('a'), goesOnWith()]).toEqual(['reading', ['b', 'a']])
    says(branch, { listId: 'l1', itemId: 'b', round: 0, chapter: 2, isRead: true }, '09:20')
    expect([stands('b'), goesOnWith()]).toEqual(['read', ['a']])
    writes(branch, { itemId: 'b', kind: 'reflection' })
    expect(stands('b')).toBe('reflected')
    says(branch, { listId: 'gone', itemId: 'x', round: 0, chapter: 1, isRead: false }, '09:30')
    expect(goesOnWith()).toEqual(['a'])
  })
})

describe('notes', () => {
  test('two devices that write without knowing of each other: both are kept, until both are replaced', () => {
    const branch = withList()
    const words = () =>
      standingNotes(branch.records, linXiao, { listId: 'l1', id: 'a' }).map(({ versions }) =>
        versions.map((version) => version.words),
      )
    expect(writes(branch, { versionId: 'v1', words: '第一稿' }, '09:00')).toBe('accepted')
    expect(writes(branch, { versionId: 'v2', words: '手机上改', replaces: ['v1'] }, '09:10')).toBe('accepted')
    expect(writes(branch, { versionId: 'v3', words: '电脑上改', replaces: ['v1'] }, '09:05')).toBe('accepted')
    expect(words()).toEqual([['手机上改', '电脑上改']])
    expect(writes(branch, { versionId: 'v4', words: '合在一起', replaces: ['v2', 'v3'] })).toBe('accepted')
    expect(words()).toEqual([['合在一起']])
    expect(writes(branch, { versionId: 'v4', words: '同一条再来一次' })).toBe('accepted')
    expect(words()).toEqual([['合在一起']])
    writes(branch, { versionId: 'v5', words: '', replaces: ['v4'] })
    expect(words()).toEqual([])
    expect(branch.records.list(own, 'reading-note', '')).toHaveLength(5)
  })

  test('whatever is written, in whatever order it arrives, stands until its author saw and replaced it', () => {
    const step = fc.record({ device: fc.constantFrom(0, 1), sees: fc.boolean(), words: fc.string() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const branch = withList()
        const known: string[][] = [[], []]
        const standing = new Map<string, string>()
        for (const [index, { device, sees, words }] of steps.entries()) {
          if (sees) known[device] = [...standing.keys()].slice(0, 8)
          const versionId = `v${index}`
          const replaces = known[device] ?? []
          const text = words.trim().slice(0, 50)
          expect(writes(branch, { versionId, words: text, replaces })).toBe('accepted')
          for (const each of replaces) standing.delete(each)
          standing.set(versionId, text)
          known[device] = [versionId]
        }
        const shown = standingNotes(branch.records, linXiao)
          .flatMap(({ versions }) => versions)
          .map(({ versionId }) => versionId)
        const expected = [...standing].filter(([, words]) => words !== '').map(([id]) => id)
        expect(shown.sort()).toEqual(expected.sort())
      }),
    )
  })

  test('nobody else’s are touched', () => {
    const branch = withList()
    writes(branch, {})
    const note = { listId: 'l1', itemId: 'a', noteId: 'n1', versionId: 'v1', kind: 'note', replaces: [] }
    branch.act(chenLi, 'write-reading-note', { ...note, words: '陈的' }, onlineAt('09:00'), above)
    expect(branch.records.get(own, 'reading-note', 'l1/a/n1/v1')?.words).toBe('好')
    expect(branch.records.get(memberScope(chenLi), 'reading-note', 'l1/a/n1/v1')?.words).toBe('陈的')
  })
})

describe('a pasted list', () => {
  const required = { isRequired: true, chapters: 0, source: '' }
  test.each([
    [
      '《中国共产党简史》｜人民出版社｜12章｜必读',
      { title: '中国共产党简史', source: '人民出版社', chapters: 12 },
    ],
    ['1. 《党史》\t人民出版社\t必读', { title: '党史', source: '人民出版社' }],
    ['（二）科学家精神 | 科普出版社 | 必读', { title: '科学家精神', source: '科普出版社' }],
    [
      '2、《论科技自立自强》  中央文献出版社  共9章  必读',
      { title: '论科技自立自强', source: '中央文献出版社', chapters: 9 },
    ],
    ['- 一九三五年的冬天，必读', { title: '一九三五年的冬天' }],
    [
      '院士的一天｜科学网｜2026-11-02｜https://example.cn/a?b=1｜必读',
      {
        kind: 'link',
        title: '院士的一天',
        source: '科学网',
        day: '2026-11-02',
        url: 'https://example.cn/a?b=1',
      },
    ],
    ['1921年的故事｜必读', { title: '1921年的故事' }],
    ['《红星照耀中国》导读｜必读', { title: '《红星照耀中国》导读' }],
  ])('%s', (line, expected) => {
    const { items, problems } = readPasted(line)
    expect(problems).toEqual([])
    expect(items).toMatchObject([{ kind: 'book', ...required, ...expected }])
  })

  test.each([
    ['｜人民出版社｜必读'.replace('人民出版社', ''), '没有书名或标题，请补上'],
    ['https://example.cn/', '没有书名或标题，请补上'],
    ['甲｜乙｜丙｜丁', '认不出「丙」「丁」，请写成：书名｜出版社｜12章｜必读'],
    [`${'长'.repeat(81)}｜必读`, '书名或标题最多 80 个字'],
    [`书｜${'社'.repeat(61)}`, '出版社或来源最多 60 个字'],
    ['书｜300章', '最多 200 章'],
    [`书｜https://example.cn/${'a'.repeat(300)}`, '链接太长或写法不对'],
  ])('%s is told what is wrong', (line, problem) => {
    expect(readPasted(`\n${line}`)).toMatchObject({ items: [], problems: [{ line: 2, problem }] })
  })

  test('takes a thousand at once and says so of more', () => {
    const { items, problems } = readPasted(Array.from({ length: 1002 }, (_, n) => `书${n}`).join('\n'))
    expect(items).toHaveLength(1000)
    expect(problems).toMatchObject([{ line: 1001, problem: '一次最多 1000 项，请分几次添加' }])
  })
})

describe('looking for something', () => {
  test('finds titles first, then sources, then one’s own notes; marks and widths make no difference', () => {
    const branch = withList([
      book('a', { title: '中国共产党简史', source: '党建读物出版社' }),
      book('b', { title: '共产党宣言', source: '人民出版社', place: 2 }),
      book('c', { title: 'ＡＩ与科学', source: '共产党员网', place: 3 }),
    ])
    writes(branch, { itemId: 'c', words: '想到「共产党 宣言」里的一句' })
    const lists = readingLists(branch.records, association, [home])
    const finds = (query: string) =>
      findReading(branch.records, linXiao, lists, query).map(({ item, inNote }) => [item.id, inNote])
    expect(finds('共产党')).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
    ])
    expect(finds('《共产党宣言》')).toEqual([
      ['b', undefined],
      ['c', '想到「共产党 宣言」里的一句'],
    ])
    expect(finds('ai 科学')).toEqual([['c', undefined]])
    expect(finds('简史 人民')).toEqual([])
    expect(finds('简史 党建')).toEqual([['a', undefined]])
    expect(finds(' ，。')).toEqual([])
    expect(comparable('Ａ《党史》 1921')).toBe('a党史1921')
  })
})

test('a list of a thousand items is read in its order', () => {
  const branch = withList([])
  for (let from = 0; from < 1000; from += 50) {
    const items = Array.from({ length: 50 }, (_, n) => book(`i${from + n}`, { place: 1000 - from - n }))
    const args = { list: list({ version: 1 }), items }
    expect(branch.act(zhouSecretary, 'keep-reading-list', args, onlineAt('09:00'))).toBe('accepted')
  }
  const ids = itemsIn(branch).map(({ id }) => id)
  expect(ids).toHaveLength(1000)
  expect(ids[0]).toBe('i999')
  expect(branch.records.list(branchScope(home), 'reading-item', '')).toHaveLength(1000)
})
