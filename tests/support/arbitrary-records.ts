import fc from 'fast-check'
import type * as v from 'valibot'
import { recordSchemas, recordTypes } from '#domain/records'
import type { Row } from '#protocol/sync'

interface Described {
  readonly type: string
  readonly entries: Readonly<Record<string, Described>>
  readonly wrapped: Described
  readonly item: Described
  readonly value: Described
  readonly literal: unknown
  readonly options: readonly unknown[]
}

/** Whatever has the shape that a schema asks for: texts and numbers are not held to its rules. `texts`
 *  come up again and again.
 *  @throws when records have become something else than JSON without null */
function shapedLike(schema: Described, texts: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const { type, entries, options } = schema
  const inner = (each: Described) => shapedLike(each, texts)
  switch (type) {
    case 'object': {
      const names = Object.keys(entries)
      const fields = Object.entries(entries).map(([name, each]) => [
        name,
        inner(each.type === 'optional' ? each.wrapped : each),
      ])
      const requiredKeys = names.filter((name) => entries[name]?.type !== 'optional')
      return fc.record<Record<string, unknown>>(Object.fromEntries(fields), { requiredKeys })
    }
    case 'variant':
      return fc.oneof(...(options as Described[]).map(inner)) // of a variant
    case 'array':
      return fc.array(inner(schema.item), { maxLength: 4 })
    case 'record':
      return fc.dictionary(fc.string(), inner(schema.value), { maxKeys: 3 })
    case 'picklist':
      return fc.constantFrom(...options)
    case 'literal':
      return fc.constant(schema.literal)
    case 'boolean':
      return fc.boolean()
    case 'string':
      return texts
    case 'number':
      return fc.oneof(
        fc.maxSafeInteger(),
        fc.integer({ min: 1.7e12, max: 1.8e12 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }), // a record came as JSON
      )
    default:
      throw new Error(`a record holds what nobody has thought of: ${type}`)
  }
}

/** A record as it travels, of any type, or gone, or of a type unknown here, or of no known shape. */
export function arbitraryRow(words: readonly string[]): fc.Arbitrary<Row> {
  const texts = fc.oneof(fc.constantFrom(...words), fc.string(), fc.string({ unit: 'grapheme' }))
  const key = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/'))
  const typed = recordTypes.map((type) =>
    fc.tuple(fc.constant(type), key, shapedLike(describedBy(recordSchemas[type]), texts)),
  )
  return fc.oneof(
    { weight: 8, arbitrary: fc.oneof(...typed) },
    fc.tuple(fc.constantFrom(...recordTypes), key, fc.constant(null)),
    fc.tuple(fc.constantFrom(...recordTypes), key, fc.jsonValue()),
    fc.tuple(fc.constantFrom('site-visit', 'constructor', '3'), key, fc.jsonValue()),
  )
}

const describedBy = (schema: v.GenericSchema) => schema as unknown as Described // its own fields
