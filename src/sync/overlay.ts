import type { Authority } from '#domain/authority'
import { prepare } from '#domain/commands'
import { happeningAt } from '#domain/evidence'
import type { RecordOf, Records, RecordType } from '#domain/records'
import type { Refusal } from '#domain/refusal'
import type { Scope } from '#domain/scopes'
import type { SentCommand } from '#protocol/sync'

/** Stands where the server puts the device into a command's key. */
const waitingDevice = 'waiting'

/** Whether a record was made by a command that the server has not seen. */
export const isOfWaiting = (key: string): boolean => key.startsWith(`${waitingDevice}.`)

/** What the person's waiting commands make of the copy, as if the server had taken them: the rules
 *  are run again over it, so that nothing expected is ever stored. */
export class Overlay {
  private readonly rows = new Map<string, unknown>()

  clear(): void {
    this.rows.clear()
  }

  /** Applies a command over what is there, or says why the rule refuses it here. */
  add(command: SentCommand, actor: Authority, records: Records): Refusal | undefined {
    const prepared = prepare(command.command, command.scope, command.args, actor)
    if (typeof prepared === 'string') return { code: prepared }
    const decision = prepared.decide(records, {
      actor,
      evidence: happeningAt(command.claimedAt),
      commandKey: `${waitingDevice}.${String(command.id).padStart(8, '0')}`,
    })
    if (decision.outcome === 'refused') return decision.refusal
    for (const { scope, type, key, value } of decision.value) this.rows.set(nameOf(scope, type, key), value)
    return undefined
  }

  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined {
    return this.rows.get(nameOf(scope, type, key)) as RecordOf<Type> | undefined // set from a Change of this type
  }

  /** The copy's rows with these laid over them, in the order of their keys. */
  over<Type extends RecordType>(
    scope: Scope,
    type: Type,
    prefix: string,
    beneath: [string, RecordOf<Type>][],
  ): RecordOf<Type>[] {
    const start = nameOf(scope, type, prefix)
    const own = [...this.rows].filter(([name]) => name.startsWith(start))
    if (own.length === 0) return beneath.map(([, value]) => value)
    const merged = new Map(beneath)
    const skip = nameOf(scope, type, '').length
    for (const [name, value] of own) merged.set(name.slice(skip), value as RecordOf<Type>) // as above
    return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
  }
}

const nameOf = (scope: Scope, type: RecordType, key: string) => `${scope} ${type} ${key}`
