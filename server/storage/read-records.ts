import * as v from 'valibot'
import { type Change, type RecordOf, type Records, type RecordType, recordSchemas } from '#domain/records'
import type { Scope } from '#domain/scopes'

interface Entry {
  readonly value: unknown
  isParsed: boolean
}

/** Records read from the database, as a rule wants them, and what was decided meanwhile over them.
 *  Parsed: a row of an older form that no longer fits its schema is our mistake and must be heard. */
export class ReadRecords implements Records {
  /** By `scope type`, then by key. */
  private readonly groups = new Map<string, Map<string, Entry>>()

  add(scope: string, type: string, key: string, value: unknown): void {
    this.put(scope, type, key, { value, isParsed: false })
  }

  /** What a rule decided stands for those that are decided after it. */
  apply(changes: readonly Change[]): void {
    for (const { scope, type, key, value } of changes) this.put(scope, type, key, { value, isParsed: true })
  }

  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined {
    const group = this.groups.get(`${scope} ${type}`)
    const entry = group?.get(key)
    return group === undefined || entry === undefined ? undefined : parsed(group, type, key, entry)
  }

  list<Type extends RecordType>(scope: Scope, type: Type, prefix: string): RecordOf<Type>[] {
    const group = this.groups.get(`${scope} ${type}`)
    if (group === undefined) return []
    return [...group]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => parsed(group, type, key, entry))
  }

  private put(scope: string, type: string, key: string, entry: Entry): void {
    const name = `${scope} ${type}`
    const group = this.groups.get(name) ?? new Map<string, Entry>()
    group.set(key, entry)
    this.groups.set(name, group)
  }
}

function parsed<Type extends RecordType>(
  group: Map<string, Entry>,
  type: Type,
  key: string,
  entry: Entry,
): RecordOf<Type> {
  if (entry.isParsed) return entry.value as RecordOf<Type> // by the schema of this very type, or by a rule
  const value = v.parse(recordSchemas[type], entry.value) as RecordOf<Type>
  group.set(key, { value, isParsed: true }) // many commands of one batch read the same study
  return value
}
