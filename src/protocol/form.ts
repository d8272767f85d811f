import type * as v from 'valibot'

/** How a record travels by position: what its schema says already is not said again. For schemas of JSON
 *  that never say null. */
export type Form =
  /** A list of the fields in the order of the schema, null for one that is left out, without those at its
   *  end. A field that can have one value only is no part of it. */
  | { readonly is: 'fields'; readonly fields: readonly Field[] }
  /** The place of the kind among them, and then its fields. */
  | { readonly is: 'kinds'; readonly kinds: readonly Form[] }
  | { readonly is: 'list'; readonly item: Form }
  /** A place among these. */
  | { readonly is: 'choice'; readonly among: readonly unknown[] }
  /** Its place among the words beside the record, when it is one of them. */
  | { readonly is: 'text' }
  /** Its distance from the instant before. */
  | { readonly is: 'instant' }
  /** As it is. */
  | { readonly is: 'any' }

interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly literal: unknown
  readonly form: Form
}

/** What both sides know when they come to a record. */
export interface Known {
  /** What stands beside it. */
  words: readonly string[]
  /** The instant before (ms UTC). */
  instant: number
}

/** What of a valibot schema its form goes by. */
interface Described {
  readonly type: string
  readonly entries: Readonly<Record<string, Described>>
  readonly wrapped?: Described
  readonly item: Described
  readonly literal?: unknown
  readonly options: readonly unknown[]
}

export const formOf = (schema: v.GenericSchema): Form => formAt(schema as unknown as Described, '') // read only

function formAt({ type, entries, item, options }: Described, name: string): Form {
  if (type === 'object') {
    const fields = Object.entries(entries).map(([each, schema]) => ({
      name: each,
      isOptional: schema.type === 'optional',
      literal: schema.literal,
      form: formAt(schema.wrapped ?? schema, each),
    }))
    return { is: 'fields', fields }
  }
  if (type === 'variant') {
    const kinds = options as readonly Described[] // of a variant
    return { is: 'kinds', kinds: kinds.map((kind) => formAt(kind, '')) }
  }
  if (type === 'array') return { is: 'list', item: formAt(item, '') }
  if (type === 'picklist') return { is: 'choice', among: options }
  if (type === 'boolean') return { is: 'choice', among: [false, true] }
  if (type === 'string') return { is: 'text' }
  const isInstant = type === 'number' && /At$|^(at|earliest|onTimeUntil)$/.test(name)
  return { is: isInstant ? 'instant' : 'any' }
}

/** Undefined when the value is not exactly what the schema says: then it has to travel as it is. */
export function written(form: Form, value: unknown, known: Known): unknown {
  switch (form.is) {
    case 'fields':
      return writtenFields(form.fields, value, known)
    case 'kinds': {
      const { instant } = known
      for (const [place, kind] of form.kinds.entries()) {
        const fields = written(kind, value, known)
        if (fields !== undefined) return [place, ...(fields as unknown[])] // of an object
        known.instant = instant
      }
      return undefined
    }
    case 'list': {
      const all = Array.isArray(value) ? value.map((each) => written(form.item, each, known)) : [undefined]
      return all.includes(undefined) ? undefined : all
    }
    case 'choice':
      return placeIn(form.among, value)
    case 'text':
      return typeof value === 'string' ? (placeIn(known.words, value) ?? value) : undefined
    case 'instant': {
      const distance = Number(value) - known.instant
      if (!Number.isSafeInteger(value) || !Number.isSafeInteger(distance)) return undefined
      known.instant += distance
      return distance
    }
    case 'any':
      return value ?? undefined
  }
}

function placeIn(list: readonly unknown[], value: unknown): number | undefined {
  const place = list.indexOf(value)
  return place < 0 ? undefined : place
}

function writtenFields(fields: readonly Field[], value: unknown, known: Known): unknown[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const record = value as Record<string, unknown> // an object
  const list: unknown[] = []
  let told = 0
  let length = 0
  for (const { name, isOptional, literal, form } of fields) {
    const each = record[name]
    if (each !== undefined) told += 1
    if (literal !== undefined) {
      if (each !== literal) return undefined
    } else if (each === undefined && isOptional) list.push(null)
    else {
      const one = written(form, each, known)
      if (one === undefined) return undefined
      length = list.push(one)
    }
  }
  // JSON leaves out what is undefined.
  const said = Object.values(record).filter((each) => each !== undefined)
  if (told < said.length) return undefined // it says more than the schema
  list.length = length
  return list
}

/** @throws when that is not written there */
export function read(form: Form, from: unknown, known: Known): unknown {
  const place = typeof from === 'number' ? from : Number.NaN
  switch (form.is) {
    case 'choice':
      return form.among[place]
    case 'text':
      return typeof from === 'string' ? from : known.words[place]
    case 'instant':
      known.instant += place
      return Number.isSafeInteger(place) ? known.instant : undefined
    case 'any':
      return from
  }
  const list = from as unknown[] // what is none throws
  if (form.is === 'list') return list.map((each) => needed(read(form.item, each, known), 'a list'))
  if (form.is === 'kinds') return read(form.kinds[Number(list[0])] as Form, list.slice(1), known) // or it throws
  const record: Record<string, unknown> = {}
  let at = 0
  for (const { name, isOptional, literal, form: each } of form.fields) {
    const one = literal === undefined ? list[at++] : undefined
    if (one === undefined || one === null) {
      if (!isOptional) record[name] = needed(literal, name)
    } else record[name] = needed(read(each, one, known), name)
  }
  return record
}

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not as expected`)
  return value
}
