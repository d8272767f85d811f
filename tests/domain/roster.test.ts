import fc from 'fast-check'
import * as v from 'valibot'
import type { Appointment } from '#domain/authority'
import type { Day } from '#domain/day'
import { type BranchId, branchId, personId } from '#domain/ids'
import { belongsOn, isExpectedOn, type Membership } from '#domain/membership'
import type { PersonRecords } from '#domain/person'
import { type Change, recordSchemas } from '#domain/records'
import { compareRoster, type ExistingRoster, type RosterPlan } from '#domain/roster'
import { readDay, readKind, readName, readNumber, readRole, readWords } from '#domain/roster-cells'
import { parseRosterLines, type Roster, type RosterCell, rosterLineSchema } from '#domain/roster-lines'
import type { RosterImporter } from '#domain/roster-people'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import { type Branch, defaultBranchSettings } from '#domain/weekly-study'
import { association, elsewhere, home } from '../support/branch'

const today: Day = '2025-03-10'
const admin: RosterImporter = { is: 'admin' }
const secretary: RosterImporter = { is: 'secretary', branchId: home }

const aBranch = (id: BranchId, name: string, more: Partial<Branch> = {}): Branch => ({
  id,
  organizationId: association,
  name,
  family: '机关',
  settings: defaultBranchSettings,
  version: 3,
  ...more,
})

const aMembership = (id: string, name: string, more: Partial<Membership> = {}): Membership => ({
  branchId: home,
  personId: personId(id),
  name,
  membership: 'full',
  spells: [{ from: '2020-01-01' }],
  exempt: [],
  longAbsence: [],
  ...more,
})

function aPerson(
  id: string,
  name: string,
  number: string | undefined,
  memberships: Partial<Membership>[] = [{}],
  appointments: Appointment[] = [],
): PersonRecords {
  const numbered = number === undefined ? {} : { number }
  return {
    profile: { personId: personId(id), name, ...numbered, organizationId: association, appointments },
    memberships: memberships.map((each) => aMembership(id, name, { ...numbered, ...each })),
  }
}

const lin = aPerson('lin', '林晓', 'A1')
const zhou = aPerson('zhou', '周明', 'A2', [{}], [{ role: 'secretary', branchId: home }])
const wu = aPerson('wu', '吴桂芳', undefined)
const chen = aPerson('chen', '陈力', 'B1', [{ branchId: elsewhere }])
const branches = [aBranch(home, '一支部', { number: 'Z1' }), aBranch(elsewhere, '二支部')]
const existing: ExistingRoster = { organizationId: association, branches, people: [lin, zhou, wu, chen] }

const cells = (texts: readonly string[]): RosterCell[] => texts.map((text) => ({ text }))

/** A file: its header and rows, columns parted by `|`. */
const file = (header: string, ...rows: string[]): Roster =>
  parseRosterLines({ firstRow: 1, rows: [header, ...rows].map((line) => cells(line.split('|'))) })

let ids = 0
function plan(roster: Roster, { by = admin, from = existing } = {}): RosterPlan {
  return compareRoster({ roster, existing: from, by, today, newId: (kind) => `${kind}-${++ids}` })
}

/** The records after the plan was written. */
function written(from: ExistingRoster, { changes }: RosterPlan): ExistingRoster {
  const branchesAfter = new Map(from.branches.map((branch) => [branch.id, branch]))
  const profiles = new Map(from.people.map(({ profile }) => [profile.personId, profile]))
  const memberships = new Map(
    from.people.flatMap((person) =>
      person.memberships.map((each) => [`${each.personId} ${each.branchId}`, each]),
    ),
  )
  for (const { type, scope, value } of changes) {
    if (type === 'branch') branchesAfter.set(value.id, value)
    if (type === 'profile') profiles.set(value.personId, value)
    if (type === 'membership' && scope.startsWith('member:'))
      memberships.set(`${value.personId} ${value.branchId}`, value)
  }
  const all = [...memberships.values()]
  const people = [...profiles.values()].map((profile) => ({
    profile,
    memberships: all.filter(({ personId: id }) => id === profile.personId),
  }))
  return { ...from, branches: [...branchesAfter.values()], people }
}

const personAfter = (roster: Roster, number: string, by: RosterImporter = admin): PersonRecords => {
  const found = written(existing, plan(roster, { by })).people.find(
    ({ profile }) => profile.number === number,
  )
  if (found === undefined) throw new Error(`nobody has ${number}`)
  return found
}

const problemsOf = ({ problems }: { problems: Roster['problems'] }) =>
  problems.map(({ row, words }) => `${row} ${words}`)

describe('a cell', () => {
  test.each([
    ['王芳', '王芳'],
    ['王 芳', '王芳'],
    ['阿卜杜拉・买买提', '阿卜杜拉·买买提'],
    ['Anna Li', 'Anna Li'],
    ['李䶮', '李䶮'],
    ['王', undefined],
    ['王'.repeat(20), '王'.repeat(20)],
    ['王'.repeat(21), undefined],
    ['=cmd()', undefined],
    ['@SUM(A1)', undefined],
    ['+王芳', undefined],
    ['－王芳', undefined],
    ['王\n芳', undefined],
    ['王\u0007芳', undefined],
    ['王\u200b芳', undefined],
    ['王\u202e芳', undefined],
    ['<b>王芳</b>', undefined],
    ['王芳1', undefined],
    ['110101199003070011', undefined],
  ])('姓名 %j → %j', (text, value) => {
    const reading = readName(text)
    expect('value' in reading ? reading.value : undefined).toBe(value)
  })

  test.each([
    ['A001', 'A001'],
    ['2021－01', '2021-01'],
    ['1'.repeat(20), '1'.repeat(20)],
    ['1'.repeat(21), '只能用字母'],
    ['王芳', '只能用字母'],
    ['A 1', '只能用字母'],
    ['=A1', '只能用字母'],
    ['110101199003070011', '请不要填写身份证号或手机号'],
    ['11010119900307001X', '请不要填写身份证号或手机号'],
    ['110101199003070x', '110101199003070x'],
    ['110101900307001', '请不要填写身份证号或手机号'],
    ['13800138000', '请不要填写身份证号或手机号'],
    ['138-0013-8000', '请不要填写身份证号或手机号'],
    ['8613800138000', '请不要填写身份证号或手机号'],
    ['12800138000', '12800138000'],
    ['1.10101E+17', '科学记数'],
  ])('编号 %j → %j', (text, told) => {
    const reading = readNumber(text)
    expect('value' in reading ? reading.value : reading.words).toContain(told)
    if ('words' in reading) expect(reading.words).not.toContain(text)
  })

  test.each([
    ['2021-03-05', '2021-03-05'],
    ['2021/3/5', '2021-03-05'],
    ['2021.03.05', '2021-03-05'],
    ['2021年3月5日', '2021-03-05'],
    ['2021年3月', '2021-03-01'],
    ['2021.3', '2021-03-01'],
    ['20210305', '2021-03-05'],
    ['2021-03-05 00:00:00', '2021-03-05'],
    ['44260', '2021-03-05'],
    ['2021-02-30', undefined],
    ['2021-13-01', undefined],
    ['1921-06-30', undefined],
    ['21-3-5', undefined],
    ['今年', undefined],
    ['5', undefined],
  ])('日期 %j → %j', (text, day) => {
    const reading = readDay(text)
    expect('value' in reading ? reading.value : undefined).toBe(day)
  })

  test.each([
    ['书记', 'secretary'],
    ['党支部书记', 'secretary'],
    ['副书记', 'committee-member'],
    ['组织委员、宣传委员', 'committee-member'],
    ['书记兼组织委员', 'secretary'],
    ['普通党员', 'none'],
    ['党小组长', undefined],
    ['书记、厂长', undefined],
  ])('职务 %j → %j', (text, role) => {
    const reading = readRole(text)
    expect('value' in reading ? reading.value : undefined).toBe(role)
  })

  test('党员身份, and what is none', () => {
    expect(['正式党员', '预备党员', '积极分子'].map(readKind)).toEqual(
      ['full', 'probationary', 'activist'].map((value) => ({ value })),
    )
    for (const text of ['群众', 'constructor', '__proto__']) expect(readKind(text)).toHaveProperty('words')
  })

  test.each(['=1', '一支部<b>', '一\u200b支部', '13800138000', '一'.repeat(41), '一支部;DROP'])(
    '支部名称 %j is a problem',
    (text) => expect(readWords(40)(text)).toHaveProperty('words'),
  )
})

describe('rows', () => {
  test('headers are known by their usual words, with stars, notes and spaces', () => {
    const roster = file('序号|所在党支部|姓 名*|党员编号（必填）|人员类别', '1|一支部|王芳|Ａ００９|预备党员')
    expect(roster).toEqual({
      lines: [
        {
          row: 2,
          branchName: '一支部',
          person: { name: '王芳', number: 'A009', membership: 'probationary' },
        },
      ],
      problems: [],
      notices: [],
    })
  })

  test('what is personal is not read, and said once', () => {
    const roster = file('姓名|编号|身份证号|手机号码|学历', '王芳|A9|110101199003070011|13800138000|本科')
    expect(roster.notices).toEqual([
      '“身份证号”、“手机号码”没有读取：这里不需要也不保存这类个人信息',
      '“学历”没有读取：这里用不到',
    ])
    expect(JSON.stringify(roster)).not.toMatch(/11010119|13800138/)
  })

  test('each problem names its row and column, and that row is not taken', () => {
    const roster = file(
      '支部名称|姓名|编号|职务|加入日期|离开日期|免考勤',
      '一支部||A1',
      '一支部|王芳|',
      '一支部|李强|A3|组长',
      '一支部|赵敏|A4||2024-13-01',
      '一支部|孙丽|A5||2024-02-01|2024-02-01',
      '一支部|钱进|A6||||也许',
      '一支部|周全|A7',
      '||||||',
      '一支部',
      '||||||是',
    )
    expect(problemsOf(roster)).toEqual([
      '2 “姓名”没有填写，请补上，或删去本行',
      '3 “编号”没有填写，请补上，或删去本行',
      '4 “职务”请填写“支部书记”“副书记”“组织委员”等支部职务；没有支部职务的请留空',
      '5 “加入日期”应是日期，请写成 2021-03-05 的样子',
      '6 “离开日期”应晚于加入日期，请核对',
      '7 “免考勤”请填写“是”或“否”，不改请留空',
      '11 “姓名”没有填写，请补上，或删去本行',
      '11 “编号”没有填写，请补上，或删去本行',
    ])
    const withoutName = file('支部编号|支部名称|类别', 'Z1||', '||机关')
    expect(problemsOf(withoutName)).toEqual(
      [2, 3].map((row) => `${row} “支部名称”没有填写，请补上，或删去本行`),
    )
    expect(roster.lines.map(({ row }) => row)).toEqual([8, 10])
  })

  test('one 编号 twice is a problem of both rows', () => {
    const roster = file('姓名|编号', '王芳|A1', '李强|A2', '赵敏|Ａ1')
    expect(problemsOf(roster)).toEqual(
      [2, 4].map((row) => `${row} “编号”A1 在第 2、4 行重复，请核对，每人只保留一行`),
    )
    expect(roster.lines.map(({ row }) => row)).toEqual([3])
  })

  test('one 支部编号 for two branches, or two for one, is a problem of all their rows', () => {
    const roster = file('支部编号|支部名称', 'Z8|八支部', 'Z8|九支部', '|九支部', 'Z1|一支部', 'Z2|一支部')
    expect(roster.problems.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '2 支部名称',
      '3 支部名称',
      '5 支部编号',
      '6 支部编号',
    ])
    expect(roster.lines.map(({ row }) => row)).toEqual([4])
    const named = file('支部编号|支部名称', '|八支部', 'Z8|八支部').lines
    expect(named.map(({ branchNumber }) => branchNumber)).toEqual(['Z8', 'Z8'])
  })

  test('a header without 编号, or with a column twice, is one problem and no rows', () => {
    expect(file('支部|姓名', '一支部|王芳', '一支部|李强')).toMatchObject({
      lines: [],
      problems: [{ row: 1 }],
    })
    expect(file('姓名|编号|工号', '王芳|1|2')).toMatchObject({
      lines: [],
      problems: [{ row: 1, column: '编号' }],
    })
  })

  test('examples and the header of the next page are passed over', () => {
    const roster = file('姓名|编号', '示例：张某某|A001', '姓名|编号', '王芳|A9')
    expect(roster).toMatchObject({ lines: [{ row: 4 }], problems: [], notices: ['第 2 行是示例，没有读取'] })
  })

  test('a column that is there and blank says none; a column that is not there says nothing', () => {
    const [there] = file('姓名|编号|党员身份|职务', '王芳|A9').lines
    const [absent] = file('姓名|编号', '王芳|A9').lines
    expect(there?.person).toMatchObject({ membership: 'full', role: 'none' })
    expect(absent?.person).toEqual({ name: '王芳', number: 'A9' })
  })
})

describe('the admin', () => {
  test('a new branch with its people', () => {
    const roster = file(
      '支部编号|支部名称|类别|姓名|编号|党员身份|职务|加入日期|免考勤',
      'Z9|九支部|科技社团|王芳|C1|正式党员|书记|2021年3月|',
      'Z9|九支部||李强|C2|预备党员||2024-02-01|是',
    )
    const made = plan(roster)
    expect(made.problems).toEqual([])
    expect(made.newBranches).toEqual([{ name: '九支部', family: '科技社团' }])
    expect(made.added.map(({ name, branchName }) => `${name} ${branchName}`)).toEqual([
      '王芳 九支部',
      '李强 九支部',
    ])
    const [branch] = made.changes.flatMap((change) => (change.type === 'branch' ? [change.value] : []))
    expect(branch).toMatchObject({ number: 'Z9', version: 1, settings: defaultBranchSettings })
    const wang = written(existing, made).people.find(({ profile }) => profile.number === 'C1')
    expect(wang?.profile.appointments).toEqual([{ role: 'secretary', branchId: branch?.id }])
    expect(wang?.memberships[0]?.spells).toEqual([{ from: '2021-03-01' }])
    expect(made.changes.map(({ type, scope }) => `${type} ${scope.split(':')[0]}`)).toEqual([
      'branch branch',
      ...['profile member', 'membership member', 'membership review', 'person branch'],
      ...['profile member', 'membership member', 'membership review', 'person branch'],
    ])
  })

  test('a new branch needs one 类别, and a branch is not renamed by mistake into another', () => {
    const roster = file(
      '支部编号|支部名称|类别|姓名|编号',
      '|十支部||王芳|C1',
      '|十一支部|机关|李强|C2',
      '|十一支部|直属单位|赵敏|C3',
      'Z1|二支部|机关|林晓|A1',
    )
    const made = plan(roster)
    expect(made.problems.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '2 类别',
      '3 类别',
      '4 类别',
      '5 支部名称',
    ])
    expect(made.changes).toEqual([])
  })

  test('a branch known by its number takes its new name; one known by name, its number', () => {
    const made = plan(file('支部编号|支部名称|类别', 'Z1|机关一支部|', 'Z2|二支部|直属单位'))
    expect(made.changedBranches).toEqual([
      { name: '机关一支部', differences: ['支部名称：一支部 → 机关一支部'] },
      { name: '二支部', differences: ['支部编号：无 → Z2', '类别：机关 → 直属单位'] },
    ])
    expect(made.changes.map(({ type, value }) => [type, value])).toMatchObject([
      ['branch', { version: 4 }],
      ['branch', { version: 4 }],
    ])
  })

  test('a branch keeps the number it has; another may take the name it gives up', () => {
    const slip = plan(file('支部编号|支部名称|类别', 'Z7|一支部|机关'))
    expect(problemsOf(slip)).toEqual(['2 另一个支部也叫“一支部”，请改用不同的名称，或核对支部编号'])
    const given = plan(file('支部编号|支部名称|类别', 'Z7|一支部|机关', 'Z1|三支部|'))
    expect(given).toMatchObject({
      problems: [],
      newBranches: [{ name: '一支部' }],
      changedBranches: [{ name: '三支部' }],
    })
  })

  test('two branches can exchange their names in one file', () => {
    const from = {
      ...existing,
      branches: [aBranch(home, '一支部', { number: 'Z1' }), aBranch(elsewhere, '二支部', { number: 'Z2' })],
    }
    expect(plan(file('支部编号|支部名称', 'Z1|二支部', 'Z2|一支部'), { from })).toMatchObject({
      problems: [],
      changedBranches: [{}, {}],
    })
  })

  test('what changed is said in words', () => {
    const roster = file(
      '支部名称|姓名|编号|党员身份|职务|加入日期|免考勤',
      '一支部|林小|A1|预备党员|书记|2020-02-01|是',
      '一支部|周明|A2|正式党员||2020-01-01|否',
    )
    expect(plan(roster).changed.map(({ differences }) => differences)).toEqual([
      [
        '姓名：林晓 → 林小',
        '党员身份：正式党员 → 预备党员',
        '职务：无 → 支部书记',
        '加入日期：2020-01-01 → 2020-02-01',
        '免考勤：否 → 是',
      ],
      ['职务：支部书记 → 无'],
    ])
  })

  test('whoever has no number is known by name; two of one name are not guessed at', () => {
    const one = plan(file('支部名称|姓名|编号', '一支部|吴桂芳|A7'))
    expect(one.changed).toMatchObject([{ differences: ['补上编号：A7'] }])
    expect(one.added).toEqual([])
    const two = plan(file('支部名称|姓名|编号', '一支部|吴桂芳|A7', '一支部|吴桂芳|A8'))
    expect(two.problems.map(({ row, column }) => `${row} ${column}`)).toEqual(['2 姓名', '3 姓名'])
    const from = { ...existing, people: [wu, aPerson('wu-2', '吴桂芳', undefined)] }
    const namesakes = plan(file('支部名称|姓名|编号', '一支部|吴桂芳|A7'), { from })
    expect(namesakes.added).toHaveLength(1)
    expect(namesakes.notices).toEqual(['支部里有 2 位还没有编号的“吴桂芳”，第 2 行按新增的人处理'])
    expect(plan(file('支部名称|姓名|编号', '二支部|吴桂芳|A7')).added).toHaveLength(1)
  })

  test('a transfer ends the old time on the day the new one begins, and the old office', () => {
    const roster = file('支部名称|姓名|编号|加入日期', '二支部|周明|A2|2025-03-03')
    expect(plan(roster).transferred).toMatchObject([
      { from: '一支部', on: '2025-03-03', branchName: '二支部' },
    ])
    const { profile, memberships } = personAfter(roster, 'A2')
    expect(profile.appointments).toEqual([])
    expect(memberships.map(({ branchId: id, spells }) => [id, spells])).toEqual([
      [home, [{ from: '2020-01-01', until: '2025-03-03' }]],
      [elsewhere, [{ from: '2025-03-03' }]],
    ])
    const left = plan(roster).changes.find(
      ({ type, scope }) => type === 'person' && scope === branchScope(home),
    )
    expect(left?.value).toEqual({ id: 'zhou', name: '周明', until: '2025-03-03' })
  })

  test('without a day it is today; being exempt goes along; an admin stays one', () => {
    const old = aPerson(
      'old',
      '孙老',
      'A5',
      [{ exempt: [{ from: '2021-01-01' }] }],
      [{ role: 'admin', organizationId: association }],
    )
    const from = { ...existing, people: [old] }
    const made = plan(file('支部名称|姓名|编号|职务', '二支部|孙老|A5|'), { from })
    const [moved] = written(from, made).people
    expect(moved?.profile.appointments).toEqual([{ role: 'admin', organizationId: association }])
    const there = moved?.memberships[1]
    expect(there).toMatchObject({ spells: [{ from: today }], exempt: [{ from: today }] })
    expect(there && belongsOn(there, today) && isExpectedOn(there, today)).toBe(false)
  })

  test.each([
    { name: 'before they came', row: '一支部|林晓|A1||2019-12-31', column: '加入日期' },
    { name: 'tomorrow', row: '一支部|林晓|A1||2025-03-11', column: '离开日期' },
    { name: 'joining tomorrow', row: '一支部|王芳|C1|2025-03-11|', column: '加入日期' },
    { name: 'a branch they are not in', row: '二支部|林晓|A1||2025-03-01', column: '离开日期' },
    { name: 'a transfer before they came', row: '二支部|林晓|A1|2019-12-31|', column: '加入日期' },
    { name: 'nobody known', row: '一支部|王芳|C1||2025-03-01', column: '离开日期' },
  ])('dates that cannot be: $name', ({ row, column }) => {
    const made = plan(file('支部名称|姓名|编号|加入日期|离开日期', row))
    expect(made.problems).toMatchObject([{ row: 2, column }])
    expect(made.changes).toEqual([])
  })

  test('leaving ends the time and the office; a date put right is a change; coming back is new', () => {
    const roster = file('支部名称|姓名|编号|离开日期', '一支部|周明|A2|2025-03-01')
    expect(plan(roster).left).toMatchObject([{ on: '2025-03-01' }])
    expect(personAfter(roster, 'A2').profile.appointments).toEqual([])
    const gone = written(existing, plan(roster))
    const corrected = plan(file('支部名称|姓名|编号|离开日期', '一支部|周明|A2|2025-02-01'), { from: gone })
    expect(corrected.changed).toMatchObject([{ differences: ['离开日期：2025-03-01 → 2025-02-01'] }])
    const back = plan(file('支部名称|姓名|编号|加入日期', '一支部|周明|A2|2025-03-05'), { from: gone })
    expect(back.added).toMatchObject([{ name: '周明', differences: ['重新加入：2025-03-05'] }])
    const stale = plan(file('支部名称|姓名|编号|加入日期', '一支部|周明|A2|2020-01-01'), { from: gone })
    expect(stale.problems).toHaveLength(1)
  })

  test('免考勤 begins and ends today, and blank leaves it', () => {
    const from = {
      ...existing,
      people: [aPerson('old', '孙老', 'A5', [{ exempt: [{ from: '2021-01-01' }] }])],
    }
    const exempt = (word: string) =>
      written(from, plan(file('支部名称|姓名|编号|免考勤', `一支部|孙老|A5|${word}`), { from })).people[0]
        ?.memberships[0]?.exempt
    expect(exempt('')).toEqual([{ from: '2021-01-01' }])
    expect(exempt('是')).toEqual([{ from: '2021-01-01' }])
    expect(exempt('否')).toEqual([{ from: '2021-01-01', until: today }])
    expect(
      personAfter(file('支部名称|姓名|编号|免考勤', '一支部|林晓|A1|是'), 'A1').memberships[0]?.exempt,
    ).toEqual([{ from: today }])
  })

  test('what was put right the same day leaves no trace', () => {
    const slip = { spells: [{ from: today }], exempt: [{ from: today }] }
    const from = { ...existing, people: [aPerson('new', '王芳', 'C1', [slip])] }
    const moved = written(from, plan(file('支部名称|姓名|编号|免考勤', '二支部|王芳|C1|否'), { from }))
    expect(moved.people[0]?.memberships.map(({ spells, exempt }) => ({ spells, exempt }))).toEqual([
      { spells: [], exempt: slip.exempt },
      { spells: [{ from: today }], exempt: [] },
    ])
  })

  test('whoever is not in the file is counted, for the branches of the file', () => {
    expect(plan(file('支部名称|姓名|编号', '一支部|林晓|A1')).notInFile).toBe(2)
    expect(plan(file('支部名称|姓名|编号', '一支部|林晓|A1', '二支部|吴桂芳|B7')).notInFile).toBe(3)
  })

  test('two secretaries of one branch are pointed out', () => {
    const made = plan(file('支部名称|姓名|编号|职务', '一支部|林晓|A1|书记'))
    expect(made.notices).toEqual(['“一支部”导入后有 2 位支部书记，请核对“职务”'])
  })

  test('a row without a branch means where the person is', () => {
    expect(plan(file('姓名|编号|党员身份', '陈力|B1|预备党员')).changed).toMatchObject([
      { branchName: '二支部' },
    ])
    expect(plan(file('姓名|编号', '王芳|C1')).problems).toMatchObject([{ column: '支部名称' }])
  })
})

describe('a secretary', () => {
  test.each([
    { name: 'another branch', row: '二支部|王芳|C1', words: '您只能导入本支部的人员' },
    { name: 'a branch to be made', row: '九支部|王芳|C1', words: '您只能导入本支部的人员' },
    { name: 'somebody of another branch', row: '一支部|陈力|B1', words: '编号 B1 目前在另一支部' },
    { name: 'an officer who leaves', row: '一支部|周明|A2|2025-03-01', words: '请由机关党委管理员' },
  ])('is refused $name', ({ row, words }) => {
    const made = plan(file('支部名称|姓名|编号|离开日期', row), { by: secretary })
    expect(made.problems).toMatchObject([{ row: 2, words: expect.stringContaining(words) }])
    expect(made.changes).toEqual([])
  })

  test('imports their own people, with or without naming the branch, and no offices or branch', () => {
    const roster = file('姓名|编号|职务|类别', '王芳|C1|书记|直属单位', '周明|A2||')
    const made = plan(roster, { by: secretary })
    expect(made).toMatchObject({
      problems: [],
      notices: ['“职务”没有读取：职务由机关党委管理员导入', '“类别”没有读取：支部信息由机关党委管理员导入'],
      added: [{ name: '王芳', branchName: '一支部' }],
      changedBranches: [],
      unchanged: 1,
    })
    expect(personAfter(roster, 'C1', secretary).profile.appointments).toEqual([])
    expect(personAfter(roster, 'A2', secretary).profile.appointments).toEqual(zhou.profile.appointments)
  })

  test('may take in somebody who is in no branch now', () => {
    const gone = aPerson('gone', '陈力', 'B1', [
      { branchId: elsewhere, spells: [{ from: '2020-01-01', until: '2024-01-01' }] },
    ])
    const made = plan(file('姓名|编号', '陈力|B1'), { by: secretary, from: { ...existing, people: [gone] } })
    expect(made.added).toMatchObject([{ name: '陈力' }])
  })
})

describe('whatever is in the file', () => {
  const names = ['林晓', '周明', '吴桂芳', '陈力', '王芳', '李强']
  const numbers = ['A1', 'A2', 'B1', 'C1', 'C2', 'C3', 'C4', '']
  const days = ['', '', '2019-05-01', '2020-01-01', '2024-06-01', '2025-03-10', '2025-03-11']
  const oneOf = (...texts: string[]) => fc.constantFrom(...texts)
  const someRow = fc.tuple(
    oneOf('Z1', 'Z2', 'Z3', '', '', ''),
    oneOf('一支部', '二支部', '三支部', '四支部', ''),
    oneOf('机关', '直属单位', '', '', ''),
    oneOf(...names, ''),
    oneOf(...numbers),
    oneOf('正式党员', '预备党员', '积极分子', '', '群众'),
    oneOf('书记', '组织委员', '', ''),
    oneOf(...days),
    oneOf('', '', '', '2020-01-01', '2024-07-01', '2025-03-10'),
    oneOf('是', '否', ''),
  )
  const allColumns = [
    '支部编号',
    '支部名称',
    '类别',
    '姓名',
    '编号',
    '党员身份',
    '职务',
    '加入日期',
    '离开日期',
    '免考勤',
  ]
  /** Rows, and which columns the file has: always 姓名 and 编号. */
  const someFile = fc.record({
    rows: fc.array(someRow, { maxLength: 9 }),
    columns: fc.subarray(allColumns).map((some) => [...new Set(['姓名', '编号', ...some])]),
    by: fc.constantFrom(admin, secretary),
  })
  const cut = (rows: readonly string[][], columns: readonly string[]): Roster =>
    file(
      columns.join('|'),
      ...rows.map((row) => columns.map((column) => row[allColumns.indexOf(column)]).join('|')),
    )

  const people: PersonRecords[] = [
    lin,
    zhou,
    wu,
    chen,
    aPerson('both', '李强', 'C4', [
      { spells: [{ from: '2020-01-01', until: '2024-06-01' }], exempt: [{ from: '2023-01-01' }] },
      { branchId: elsewhere, spells: [{ from: '2024-06-01' }], exempt: [{ from: '2024-06-01' }] },
    ]),
    aPerson('admin', '高远', 'C3', [], [{ role: 'admin', organizationId: association }]),
  ]
  const from = { ...existing, people }

  /** Changes without the order of rows and the ids that depend on it. */
  function meaning({ changes }: RosterPlan): string[] {
    const known = new Set([...people.map(({ profile }) => profile.personId), home, elsewhere] as string[])
    const named = new Map<string, string>()
    for (const { type, value } of changes) {
      if (type === 'profile' && !known.has(value.personId)) named.set(value.personId, `#${value.number}`)
      if (type === 'branch' && !known.has(value.id)) named.set(value.id, `#${value.name}`)
    }
    return changes
      .map((change) => JSON.stringify(change).replace(/[pb]-\d+(?=["])/g, (id) => named.get(id) ?? id))
      .sort()
  }

  test('the same file again changes nothing, and finds the same problems', () => {
    let changing = 0
    fc.assert(
      fc.property(someFile, ({ rows, columns, by }) => {
        const roster = cut(rows, columns)
        const first = plan(roster, { by, from })
        const again = plan(roster, { by, from: written(from, first) })
        changing += first.changes.length > 0 ? 1 : 0
        expect(again.changes).toEqual([])
        expect([again.added, again.changed, again.transferred, again.left]).toEqual([[], [], [], []])
        expect(again.problems.map(({ row }) => row)).toEqual(first.problems.map(({ row }) => row))
      }),
      { numRuns: 1_000 },
    )
    expect(changing).toBeGreaterThan(100) // or this has proved nothing
  })

  test('the order of rows means nothing', () => {
    fc.assert(
      fc.property(someFile, ({ rows, columns, by }) => {
        const there = plan(cut(rows, columns), { by, from })
        const back = plan(cut([...rows].reverse(), columns), { by, from })
        expect(meaning(back)).toEqual(meaning(there))
        expect(back.unchanged).toBe(there.unchanged)
      }),
      { numRuns: 300 },
    )
  })

  test('rows with a problem change nothing: without them the plan is the same', () => {
    fc.assert(
      fc.property(someFile, ({ rows, columns, by }) => {
        const roster = cut(rows, columns)
        const whole = plan(roster, { by, from })
        const wrong = new Set(whole.problems.map(({ row }) => row))
        const lines = roster.lines.filter(({ row }) => !wrong.has(row))
        const sound = plan({ ...roster, lines }, { by, from })
        expect(meaning(sound)).toEqual(meaning(whole))
      }),
      { numRuns: 300 },
    )
  })

  test('every record fits its schema and is told to all who keep it; nobody is in two places at once', () => {
    fc.assert(
      fc.property(someFile, ({ rows, columns, by }) => {
        const roster = cut(rows, columns)
        for (const line of roster.lines) v.parse(rosterLineSchema, line)
        const made = plan(roster, { by, from })
        for (const { type, value } of made.changes) v.parse(recordSchemas[type], value)
        const memberships = made.changes.flatMap((each) => (each.type === 'membership' ? [each] : []))
        expect(memberships.filter(inMemberScope).map(({ value }) => value)).toEqual(
          memberships.filter((each) => !inMemberScope(each)).map(({ value }) => value),
        )
        for (const { scope, value } of memberships) {
          expect([memberScope(value.personId), reviewScope(value.branchId)]).toContain(scope)
        }
        const branchIds = new Set(written(from, made).branches.map(({ id }) => id))
        for (const person of written(from, made).people) {
          const now = person.memberships.filter((each) => belongsOn(each, today))
          expect(now.length).toBeLessThanOrEqual(1)
          for (const each of person.memberships) expect(branchIds.has(branchId(each.branchId))).toBe(true)
        }
        const admins = (state: ExistingRoster) =>
          state.people.flatMap(({ profile }) => profile.appointments.filter(({ role }) => role === 'admin'))
        expect(admins(written(from, made))).toEqual(admins(from))
      }),
      { numRuns: 300 },
    )
  })
})

const inMemberScope = ({ scope }: Change) => scope.startsWith('member:')
