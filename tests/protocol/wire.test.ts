import fc from 'fast-check'
import * as v from 'valibot'
import type { Scope } from '#domain/scopes'
import { formOf, read, written } from '#protocol/form'
import { type SyncAnswer, type SyncRequest, syncAnswerSchema, syncRequestSchema } from '#protocol/sync'
import { packedAnswer, packedRequest, recordForm, unpackedAnswer, unpackedRequest } from '#protocol/wire'
import { packedAnswerSchema, packedRequestSchema } from '#protocol/wire-schemas'
import { arbitraryRow } from '../support/arbitrary-records'
import { chenLi, home, linXiao, week } from '../support/branch'

const words = [week, home, linXiao, chenLi, 'profile', '']
const scopeName = fc.constantFrom(
  ...[`member:${linXiao}`, `member:${chenLi}`, `branch:${home}`, `review:${home}`, `leave:${home}`],
  ...[`secretary:${home}`, 'organization:association', 'totals:association', 'desk:association'],
) as fc.Arbitrary<Scope>
/** What a newer server or a newer phone might name. */
const anyName = fc.oneof(scopeName, fc.constantFrom('group:g-1', 'meeting:m-1', 'memberships', 'visits'))
const count = fc.nat()
const instant = fc.oneof(
  fc.integer({ min: 1.7e12, max: 1.8e12 }),
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const optional = <T>(each: fc.Arbitrary<T>) => fc.option(each, { nil: undefined })

const request: fc.Arbitrary<SyncRequest> = fc.record({
  device: fc.stringMatching(/^[a-z0-9]{16,32}$/),
  actor: fc.constantFrom(linXiao, chenLi),
  acked: count,
  push: fc.array(
    fc.record({
      id: fc.integer({ min: 1 }),
      command: fc.constantFrom('check-in@1', 'void@1', 'what-comes@3'),
      scope: scopeName,
      args: fc.oneof(fc.constant({ week }), fc.jsonValue()),
      claimedAt: instant,
      heardAt: optional(instant),
    }),
    { maxLength: 50 },
  ),
  pull: fc.dictionary(
    anyName,
    fc.record({ epoch: fc.constantFrom(0, 1, 2), seq: count, floor: optional(count) }),
  ),
})

const answer: fc.Arbitrary<SyncAnswer> = fc.record({
  now: fc.integer({ min: 0, max: 1.8e12 }),
  last: count,
  outcomes: fc.array(
    fc.record({
      id: fc.integer({ min: 1 }),
      result: fc.constantFrom(
        { outcome: 'accepted' } as const,
        { outcome: 'held' } as const,
        { outcome: 'set-aside' } as const,
        { outcome: 'refused', refusal: { code: 'not-on-roster' } } as const,
        { outcome: 'refused', refusal: { code: 'register-closed', closedAt: 1 } } as const,
      ),
    }),
  ),
  scopes: fc.dictionary(
    anyName,
    fc.oneof(
      fc.constant({ is: 'gone' } as const),
      fc.record({
        is: fc.constant('rows' as const),
        epoch: count,
        from: count,
        seq: count,
        isReset: fc.boolean(),
        floor: optional(count),
        hasMore: fc.boolean(),
        rows: fc.array(arbitraryRow(words), { maxLength: 12 }),
      }),
    ),
  ),
  hint: fc.record({ nextPollMs: fc.constantFrom(25_000, 3_000) }),
})

/** As it comes out at the other end. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('a request is the same at the other end, whatever is in it', () =>
  fc.assert(
    fc.property(request, (original) => {
      const packed = v.parse(packedRequestSchema, sent(packedRequest(original)))
      expect(sent(v.parse(syncRequestSchema, unpackedRequest(packed)))).toEqual(sent(original))
    }),
    { numRuns: 200 },
  ))

test.each([
  { who: 'that knows the same records', form: recordForm },
  { who: 'that is older or newer', form: 'another' },
])('an answer to a phone $who is the same at the other end, whatever is in it', ({ form }) =>
  fc.assert(
    fc.property(answer, fc.constantFrom(linXiao, chenLi), (original, actor) => {
      const packed = sent(packedAnswer(original, { actor, form }))
      expect(v.parse(packedAnswerSchema, packed)).toEqual(packed)
      expect(sent(v.parse(syncAnswerSchema, unpackedAnswer(packed, actor)))).toEqual(sent(original))
    }),
    { numRuns: 200 },
  ),
)

const line = {
  week,
  branchId: home,
  memberId: linXiao,
  standing: 'on-time',
  via: 'own',
  source: 'on-site',
  earliest: 1741566350000,
  claimedAt: 1741566360000,
  receivedAt: 1741566360000,
  isLateSync: false,
  isBackfilled: false,
  isAmended: false,
  version: 1,
} as const
const answerWith = (...rows: [string, string, unknown][]): SyncAnswer => ({
  now: 1741566360000,
  last: 1,
  outcomes: [{ id: 1, result: { outcome: 'accepted' } }],
  scopes: {
    [`member:${linXiao}`]: { is: 'rows', epoch: 1, from: 4, seq: 5, isReset: false, hasMore: false, rows },
  },
  hint: { nextPollMs: 25_000 },
})
const toLin = (original: SyncAnswer, form = recordForm) =>
  sent(packedAnswer(original, { actor: linXiao, form }))
const key = `${week}/${home}`

test('a field without a value says nothing, and the record goes by position', () => {
  const said = toLin(answerWith(['register-line', key, { ...line, madeUp: undefined }]))
  expect(said).toEqual(toLin(answerWith(['register-line', key, line])))
  expect(JSON.stringify(said)).not.toContain('receivedAt')
})

test('what a check-in says and is told, as it stands on the wire', () => {
  const original: SyncRequest = {
    device: 'abcdefghijkl012345678901',
    actor: linXiao,
    acked: 0,
    push: [
      {
        id: 1,
        command: 'check-in@1',
        scope: `branch:${home}`,
        args: { week },
        claimedAt: 1741566360000,
        heardAt: 1741566350000,
      },
    ],
    pull: { [`member:${linXiao}`]: { epoch: 1, seq: 4 }, [`branch:${home}`]: { epoch: 2, seq: 11 } },
  }
  expect(JSON.stringify(packedRequest(original))).toBe(
    `[2,"${recordForm}","abcdefghijkl012345678901","lin-xiao",0,` +
      '[[1,"check-in@1",1,{"week":"2025-W11"},1741566360000,1741566350000]],{"m":4,"b:branch-1":[2,11]}]',
  )
  expect(
    JSON.stringify(toLin(answerWith(['site-visit', '7', { place: '科技馆' }], ['leave', key, null]))),
  ).toBe(
    '[1741566360000,1,[1],{"m":[1,4,5,[["site-visit","7",{"place":"科技馆"}],["leave","2025-W11/branch-1",null]],0]}]',
  )
})

describe('between an older and a newer version', () => {
  const named = (rows: unknown) => ({ m: [1, 4, 5, rows, 0] })

  test('records go by their names, whole', () => {
    const [, , , scopes] = toLin(answerWith(['register-line', key, line]), 'another') as unknown[]
    expect(scopes).toEqual(named([['register-line', key, line]]))
  })

  test('a field, a word and a type that are new here reach the copy, for the version that will know them', () => {
    const rows: [string, string, unknown][] = [
      ['register-line', key, { ...line, seat: 4 }],
      ['register-line', key, { ...line, standing: 'remote' }],
      ['site-visit', '1', { place: '科技馆' }],
    ]
    const taken = unpackedAnswer([1, 0, [], named(rows)], linXiao)
    expect(taken).toMatchObject({ scopes: { [`member:${linXiao}`]: { rows } } })
  })

  test.each([
    { what: 'a field more', value: { ...line, seat: 4 } },
    { what: 'a field less', value: { ...line, version: undefined } },
    { what: 'another word', value: { ...line, standing: 'remote' } },
    { what: 'null', value: { ...line, heldBecause: null } },
    { what: 'half a millisecond', value: { ...line, receivedAt: 1.5 } },
    { what: 'a text for a number', value: { ...line, receivedAt: '1741566360000' } },
    { what: 'a number for a text', value: { ...line, week: 3 } },
    { what: 'a list', value: [1, 2] },
  ])(
    'a record with $what goes by its names, and the next by position as if it were not there',
    ({ value }) => {
      const rows = answerWith(['register-line', key, value], ['register-line', key, line])
      const [, , , scopes] = toLin(rows) as unknown[]
      const [, , , alone] = toLin(answerWith(['register-line', key, line])) as [
        0,
        0,
        0,
        { m: [0, 0, 0, unknown[]] },
      ]
      const [byPosition] = alone.m[3]
      expect(JSON.stringify(byPosition)).not.toContain('receivedAt')
      expect(scopes).toEqual(named([sent(['register-line', key, value]), byPosition]))
    },
  )
})

describe('the form', () => {
  const says = (schema: v.GenericSchema) => JSON.stringify(formOf(schema))
  const known = () => ({ words: [], instant: 0 })
  const fields = { from: v.string(), until: v.optional(v.string()), state: v.picklist(['open', 'closed']) }

  test.each([
    { what: 'the order of fields', other: { until: fields.until, from: fields.from, state: fields.state } },
    { what: 'a field more', other: { ...fields, by: v.string() } },
    { what: 'a name', other: { since: fields.from, until: fields.until, state: fields.state } },
    { what: 'what may be left out', other: { ...fields, until: v.string() } },
    { what: 'the order of words', other: { ...fields, state: v.picklist(['closed', 'open']) } },
  ] as { what: string; other: v.ObjectEntries }[])('is another one after a change of $what', ({ other }) => {
    expect(says(v.object(other))).not.toBe(says(v.object(fields)))
  })

  test('is the same for the same shape, whatever else a schema asks for', () => {
    expect(says(v.object({ ...fields, from: v.pipe(v.string(), v.maxLength(3)) }))).toBe(
      says(v.object(fields)),
    )
  })

  test('tells apart what would otherwise be read as something else', () => {
    const swapped = formOf(
      v.object({ until: fields.until, from: fields.from, state: v.picklist(['closed', 'open']) }),
    )
    const value = { from: '2025-03-10', until: '2025-03-11', state: 'open' }
    const packed = written(formOf(v.object(fields)), value, known())
    expect(read(swapped, packed, known())).toEqual({
      from: '2025-03-11',
      until: '2025-03-10',
      state: 'closed',
    })
  })

  const act = formOf(
    v.object({
      week: v.string(),
      by: v.optional(v.string()),
      at: v.number(),
      isHeld: v.boolean(),
      count: v.number(),
      what: v.variant('kind', [
        v.object({ kind: v.literal('none') }),
        v.object({
          days: v.array(v.picklist(['mon', 'tue'])),
          kind: v.literal('some'),
          until: v.optional(v.number()),
        }),
      ]),
      settings: v.optional(v.record(v.string(), v.string())),
    }),
  )
  const aware = () => ({ words: ['branch-1', week], instant: 1741566360000 })
  const value = {
    week,
    at: 1741566350000,
    isHeld: true,
    count: 3,
    what: { days: ['tue', 'mon'], kind: 'some' },
  }
  const packed = [1, null, -10000, 1, 3, [1, [1, 0]]]

  /** When this is written otherwise, phones in use would take what they are told for something else: raise
   *  `manner` in wire.ts with it. */
  test('is written so', () => {
    expect(written(act, value, aware())).toEqual(packed)
    expect(read(act, packed, aware())).toEqual(value)
  })

  test.each([
    { what: 'nothing', at: 0, other: undefined },
    { what: 'a word too far', at: 0, other: 2 },
    { what: 'a list for a text', at: 0, other: [1] },
    { what: 'a number that stands for nobody', at: 1, other: 7 },
    { what: 'a text for an instant', at: 2, other: 'x' },
    { what: 'half an instant', at: 2, other: 0.5 },
    { what: 'a choice there is not', at: 3, other: 2 },
    { what: 'a text for a choice', at: 3, other: '1' },
    { what: 'a kind there is not', at: 5, other: [2] },
    { what: 'a text for a kind', at: 5, other: 'some' },
    { what: 'fields by their names', at: 5, other: { kind: 'none' } },
    { what: 'a text for a list', at: 5, other: [1, 'tue'] },
    { what: 'a choice in a list that there is not', at: 5, other: [1, [3]] },
  ])('with $what is refused', ({ at, other }) => {
    const wrong = packed.map((each, place) => (place === at ? other : each))
    expect(() => read(act, wrong, aware())).toThrow()
  })

  test('says where it is wrong', () => {
    expect(() => read(act, [1, null, -10000, 9, 3, [0]], aware())).toThrow('isHeld is not as expected')
  })
})

test.each([
  null,
  'a page',
  {},
  [],
  [1],
  [1, 2, 3, 4],
  [1, 2, [], { m: 3 }],
  [1, 2, [], { m: [1, 2, 3, [[99, 'k', []]], 0] }],
])('what is no answer is not taken for one: %j', (said) => {
  const taken = () => v.parse(syncAnswerSchema, unpackedAnswer(said, linXiao))
  expect(taken).toThrow()
})
