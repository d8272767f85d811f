import fc from 'fast-check'
import { type PersonId, personId } from '#domain/ids'
import {
  type ChainMatch,
  type ChainPerson,
  MAX_CHAIN_LENGTH,
  MAX_CHAIN_LINES,
  readChain,
  writeChain,
} from '#domain/sign-up-chain'
import { foldedOf, plainOf } from '#domain/sign-up-chain/text'
import { chainTexts, rosterNames } from './sign-up-chain-texts'

const rosterOf = (names: readonly string[]): ChainPerson[] =>
  names.map((name, index) => ({ memberId: personId(`member-${index + 1}`), name }))

const roster = rosterOf(rosterNames)

/** The name, or for the second of two 「李强#2」. */
const calledBy = (people: readonly ChainPerson[]) => (id: PersonId) => {
  const at = people.findIndex(({ memberId }) => memberId === id)
  const name = people[at]?.name ?? '?'
  const before = people.slice(0, at).filter((other) => other.name === name).length
  return before === 0 ? name : `${name}#${before + 1}`
}
const called = calledBy(roster)

function written({ entry, memberId, standing, leaveKind, problem, candidates }: ChainMatch): string {
  const kind = leaveKind === undefined ? '' : ` ${leaveKind}`
  const said = `${standing}${kind}${entry.agent === undefined ? '' : ` 代 ${entry.agent}`}`
  if (memberId !== undefined) {
    const who = called(memberId)
    return `${entry.line} ${entry.name}${who === entry.name ? '' : ` = ${who}`}: ${said}`
  }
  const who = candidates.length === 0 ? '' : ` → ${candidates.map(called).join('、')}`
  return `${entry.line} ${entry.name}? ${problem}: ${said}${who}`
}

const read = (...lines: string[]) => readChain(lines.join('\n'), roster)
const settled = (matches: readonly ChainMatch[]) => matches.filter(({ memberId }) => memberId !== undefined)

describe.each(chainTexts)('$about', ({ text, matches, ignored, refusal }) => {
  const pasted = text.join('\n')

  test('is read', () => {
    const reading = readChain(pasted, roster)
    expect({
      matches: reading.matches.map(written),
      ignored: reading.ignored.map(({ line, because }) => `${line} ${because}`).join(', '),
      refusal: reading.refusal,
    }).toEqual({ matches, ignored, refusal })
    const named = reading.matches.filter(({ problem }) => problem !== 'unknown-name')
    const ids = new Set(named.flatMap(({ candidates }) => candidates))
    expect(reading.missing).toEqual(roster.map(({ memberId }) => memberId).filter((id) => !ids.has(id)))
  })

  test('reads the same from another system', () => {
    expect(readChain(text.join('\r\n'), roster)).toEqual(readChain(pasted, roster))
    expect(readChain(`\ufeff${pasted}`, roster)).toEqual(readChain(pasted, roster))
  })
})

test('there are enough of them', () => expect(chainTexts.length).toBeGreaterThanOrEqual(70))

test('an entry keeps the line, what it says of one person, the note and the agent', () => {
  const { matches } = read('#接龙', '1. 李娜（请假，出差）', '2. 到会：張偉 ✅、王芳', '3. 陈静（小刘代签）')
  expect(matches.map(({ entry }) => entry)).toEqual([
    { line: 2, text: '李娜(请假,出差)', name: '李娜', note: '请假,出差' },
    { line: 3, text: '張偉 √', name: '張偉', note: '到会 √' },
    { line: 3, text: '王芳', name: '王芳', note: '到会' },
    { line: 4, text: '陈静(小刘代签)', name: '陈静', note: '', agent: '小刘' },
  ])
})

test('who is named nowhere is missing; a name that is only alike does not count', () => {
  const few = rosterOf(['张伟', '王芳', '李娜', '刘洋'])
  const { missing } = readChain('1. 张伟\n2. 王方\n3. 李娜 来不了', few)
  expect(missing.map(calledBy(few))).toEqual(['王芳', '刘洋'])
})

test('one member once: the later line counts, and lines that differ wait', () => {
  const { matches, ignored } = read('1. 张伟', '2. 张伟 到会', '3. 王芳', '4. 王芳 病假')
  expect(matches.map(written)).toEqual([
    '2 张伟: on-time',
    '3 王芳? twice: on-time → 王芳',
    '4 王芳? twice: excused sick → 王芳',
  ])
  expect(ignored).toEqual(
    [{ line: 1, text: '1. 张伟', because: 'repeated' }].map((each) => ({
      ...each,
      text: expect.any(String),
    })),
  )
})

describe('limits', () => {
  test('what is too long is refused before it is looked at', () => {
    const refused = { matches: [], ignored: [], missing: [], refusal: 'too-long' }
    const started = Date.now()
    expect(readChain('1. 张伟\n'.repeat(900_000), roster)).toEqual(refused)
    expect(Date.now() - started).toBeLessThan(1000)
    expect(readChain(' '.repeat(MAX_CHAIN_LENGTH + 1), roster)).toEqual(refused)
    expect(readChain('收到\n'.repeat(MAX_CHAIN_LINES + 1), roster)).toEqual(refused)
    expect(readChain('李四、'.repeat(MAX_CHAIN_LINES + 1), roster).refusal).toBe('too-long')
  })

  test('as much as is allowed is read', () => {
    const text = `${'收到\n\n'.repeat(MAX_CHAIN_LINES - 1)}1. 张伟`
    expect(settled(readChain(text, roster).matches)).toHaveLength(1)
    expect(readChain(' '.repeat(MAX_CHAIN_LENGTH), roster).refusal).toBe('nothing-found')
  })

  const surnames = '赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦尤许何'
  const given = '伟芳娜洋静磊杰敏丽帆燕峰雪远健明华军红梅兰平波涛宁'
  const crowd = rosterOf([...surnames].flatMap((one) => [...given].map((other) => one + other)))

  test.each([
    '赵伟',
    '赵伟 ',
    '赵伟、',
    '1.赵伟',
    '1.',
    '赵',
    '赵 ',
    '赵伟请假，',
    '赵伟 请假 ',
    '请假：',
    '请假 ',
    '；赵伟',
    '赵伟代',
    '代赵伟',
    '由',
    '(',
    '（',
    ')',
    '(a',
    '（≧',
    '[强',
    ' ',
    '\t',
    '不',
    '1',
    '①',
    '😀',
    '\ud83d',
    '人员',
    '科普部 ',
    '甲乙丙丁',
    '甲 ',
    '赵·',
    '/赵伟',
    '，',
    '。',
    '8:30 ',
    'T_',
    '#接龙 ',
    '@',
    '和赵伟',
  ])('the work grows no faster than the text: %j', (piece) => {
    const filled = (length: number) => `请假 ${piece.repeat(Math.floor(length / piece.length))}赵伟`
    const small = workOf(() => readChain(filled(MAX_CHAIN_LENGTH / 16), crowd))
    const large = workOf(() => readChain(filled(MAX_CHAIN_LENGTH / 8), crowd))
    expect(large / small).toBeLessThan(2.3)
    expect(large).toBeLessThan(15 * MAX_CHAIN_LENGTH)
  })
})

/** What a reading asks of strings, maps and lists, counted; a list or a string that is copied or searched
 *  counts by its length. */
function workOf(run: () => void): number {
  let work = 0
  const counted = (
    prototype: object,
    name: string,
    cost: (self: { length?: number }, result: unknown) => number,
  ) => {
    const original = Reflect.get(prototype, name)
    Reflect.set(prototype, name, function (this: { length?: number }, ...given: unknown[]) {
      const result = Reflect.apply(original, this, given)
      work += cost(this, result)
      return result
    })
    return () => Reflect.set(prototype, name, original)
  }
  const one = () => 1
  const whole = ({ length = 1 }: { length?: number }) => 1 + length
  const made = (_: unknown, result: unknown) => 1 + (Array.isArray(result) ? result.length : 0)
  const restore = [
    counted(String.prototype, 'charAt', one),
    counted(String.prototype, 'slice', one),
    counted(Map.prototype, 'get', one),
    counted(RegExp.prototype, 'exec', one),
    counted(Array.prototype, 'filter', whole),
    counted(Array.prototype, 'map', whole),
    counted(Array.prototype, 'forEach', whole),
    counted(Array.prototype, 'reduce', whole),
    counted(Array.prototype, 'indexOf', whole),
    counted(Array.prototype, 'slice', made),
  ]
  try {
    run()
  } finally {
    for (const back of restore) back()
  }
  return work
}

describe('whatever is pasted', () => {
  const names = fc.constantFrom(...rosterNames, '张三', '小王', '王小明', '欧阳')
  const words = fc.constantFrom(
    '到会',
    '请假',
    '（出差）',
    '迟到',
    '缺席',
    '来不了',
    '代',
    '代签',
    '由',
    '收到',
    '请',
    '大家',
    '吗？',
    '不',
    '张伟：',
    '请假：',
    '到会人员：',
    '无',
    '以上同志',
    '机关一支部',
    '-',
    '/',
    '、',
    '，',
    '；',
    '：',
    ' ',
    '\u3000',
    '\n',
    '\n\n',
    '\r\n',
    '1.',
    '2、',
    '③',
    '（4）',
    '5️⃣',
    '#接龙',
    '例',
    '@所有人',
    '😀',
    '❌',
    '\u200b',
    '\u200d',
    '[强]',
    '(≧▽≦)',
    '13800138000',
    '8:30',
    '2026/11/23 08:21',
    'OK',
    '劉',
    '偉',
    '\ud83d',
    '\ufeff',
  )
  const texts = fc.oneof(
    fc.array(fc.oneof(names, words), { maxLength: 40 }).map((parts) => parts.join('')),
    fc
      .array(fc.tuple(fc.nat(30), names, fc.oneof(words, fc.string({ maxLength: 6 }))), { maxLength: 12 })
      .map((lines) => lines.map(([number, name, note]) => `${number}. ${name} ${note}`).join('\n')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  const loose = (text: string) => foldedOf(plainOf(text)).replace(/[ ·.()-]/g, '')

  test('nobody is settled twice, or without their name in the line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { matches, ignored, missing, refusal } = readChain(text, roster)
        const ids = settled(matches).map(({ memberId }) => memberId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(refusal).toBe(matches.length === 0 ? 'nothing-found' : undefined)
        const lines = text.split(/\r\n|[\n\r\u2028\u2029\u0085]/)
        for (const { entry, memberId, candidates, problem } of matches) {
          if (memberId === undefined) expect(problem).toBeDefined()
          else {
            const name = roster.find((person) => person.memberId === memberId)?.name ?? '?'
            expect(candidates).toEqual([memberId])
            expect(missing).not.toContain(memberId)
            expect(loose(entry.name)).toBe(loose(name))
            expect(loose(lines[entry.line - 1] ?? '')).toContain(loose(name))
          }
        }
        // Every line is accounted for.
        const seen = new Set([...matches.map(({ entry }) => entry.line), ...ignored.map(({ line }) => line)])
        expect(lines.every((_, index) => seen.has(index + 1))).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('line ends change nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = text.replace(/\r\n?/g, '\n')
        expect(readChain(plain.replace(/\n/g, '\r\n'), roster)).toEqual(readChain(plain, roster))
      }),
      { numRuns: 150 },
    )
  })
})

describe('a chain to copy', () => {
  const heading = { topic: '学习党章 第三章', day: '2026-11-23', time: '08:30', place: '三楼会议室' }

  test('says what, when, where and who', () => {
    expect(writeChain(heading, ['张伟', '王芳'])).toBe(
      [
        '#接龙',
        '周汇朝学 11月23日（周一） 08:30',
        '主题：学习党章 第三章',
        '地点：三楼会议室',
        '应到2人：张伟、王芳',
        '请写姓名；请假写“姓名 请假 原因”，代别人写“别人的姓名（您的姓名代）”。',
        '例 1. 张三 到会',
        '',
        '1. ',
      ].join('\n'),
    )
    expect(writeChain({ topic: ' ', day: '2026-11-23' }).split('\n')[1]).toBe('周汇朝学 11月23日（周一）')
    expect(writeChain({ topic: '一\n1. 张伟', day: '2026-11-23' })).toContain('主题：一 1. 张伟\n')
  })

  test('names nobody before it is filled in', () => {
    const { matches, refusal, missing } = readChain(writeChain(heading, rosterNames), roster)
    expect({ matches, refusal }).toEqual({ matches: [], refusal: 'nothing-found' })
    expect(missing).toHaveLength(roster.length)
  })

  const unlike = rosterNames.filter((name) => name !== '李强')
  const people = rosterOf(unlike)

  test('filled in, it names everybody', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(unlike),
        fc.array(fc.constantFrom('', ' 到会', '请假 出差', ' 迟到', '（病假）', ' 👍'), {
          minLength: unlike.length,
          maxLength: unlike.length,
        }),
        fc.string({ maxLength: 20 }),
        (named, notes, topic) => {
          const lines = named.map((name, index) => `${index + 1}. ${name} ${notes[index]}`)
          const text = `${writeChain({ ...heading, topic }, unlike).replace(/1\. $/, '')}${lines.join('\n')}`
          const { matches, missing } = readChain(text, people)
          expect(matches.map(({ memberId }) => memberId && calledBy(people)(memberId))).toEqual(named)
          expect(missing).toHaveLength(unlike.length - named.length)
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('three hundred lines, with traps between', () => {
  const surnames = '赵钱孙李周吴郑王冯陈'
  const names = Array.from(
    { length: 200 },
    (_, index) =>
      `${surnames[index % 10]}${'伟芳娜洋静磊敏丽帆燕'[Math.floor(index / 10) % 10]}${index < 100 ? '' : '华'}`,
  )
  const many = rosterOf(names)
  const called = calledBy(many)
  const numbers = [
    (n: number) => `${n}. `,
    (n: number) => `${n}、`,
    (n: number) => `（${n}）`,
    (n: number) => `${n}．`,
    (n: number) => `${n}`,
  ]
  const notes: readonly [string, string][] = [
    ['', 'on-time'],
    [' 到会👍', 'on-time'],
    ['请假（出差）', 'excused'],
    [' 迟到', 'late'],
    [' 科普部', 'on-time'],
    [' 可能来', 'unclear'],
    ['带电脑', 'unclear'],
  ]
  const traps = ['收到', '@所有人 请接龙', '大家尽快接龙', '请赵伟带投影仪', '王芳呢？', '钱伟：收到']
  const lines = ['#接龙', '周汇朝学', '领学人：赵伟', '例 1. 赵伟 到会', '']
  const expected: string[] = []
  names.forEach((name, index) => {
    const [note, standing] = notes[index % notes.length] ?? ['', '']
    lines.push(`${numbers[index % numbers.length]?.(index + 1)}${name}${note}`)
    expected.push(`${name} ${standing}`)
    if (index % 2 === 0 && index < 190) lines.push(traps[index % traps.length] ?? '')
  })
  expect(lines.length).toBe(300)
  const { matches } = readChain(lines.join('\n'), many)
  expect(
    matches.map(({ candidates, problem, standing }) => `${candidates.map(called)} ${problem ?? standing}`),
  ).toEqual(expected)
})
