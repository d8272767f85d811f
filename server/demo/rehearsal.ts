import type * as v from 'valibot'
import type { Authority } from '#domain/authority'
import type { Prepared } from '#domain/command'
import { type CommandName, commands } from '#domain/commands'
import type { TimeEvidence } from '#domain/evidence'
import type { BranchId, PersonId } from '#domain/ids'
import type { Change, RecordOf, Records, RecordType } from '#domain/records'
import type { Scope } from '#domain/scopes'
import { demoOrganizationId } from './cast'

export type ArgsOf<Name extends CommandName> = v.InferOutput<(typeof commands)[Name]['args']>

export interface Act<Name extends CommandName> {
  readonly branchId: BranchId
  readonly command: Name
  readonly args: ArgsOf<Name>
  /** Nobody when a register closes by itself. */
  readonly actor: Authority | undefined
  readonly evidence: TimeEvidence
}

/** The demo's past is not painted: it is acted. What people did is decided by the very rules that
 *  decide it every day, so that no record is there that the app could not have written. */
export class Rehearsal implements Records {
  private readonly scopes = new Map<Scope, Map<RecordType, Map<string, Change>>>()
  private readonly untouched = new Set<Change>()
  /** By their arguments: a whole branch checks in with one and the same. */
  private readonly understood = new WeakMap<object, Prepared>()
  private acts = 0

  /** `stage` tells the commands of one rehearsal from those of another. */
  constructor(private readonly stage: string) {}

  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined {
    // put there under this very type
    return this.scopes.get(scope)?.get(type)?.get(key)?.value as RecordOf<Type> | undefined
  }

  list<Type extends RecordType>(scope: Scope, type: Type, prefix: string): RecordOf<Type>[] {
    return [...(this.scopes.get(scope)?.get(type) ?? [])]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, change]) => change.value as RecordOf<Type>) // as above
  }

  /** Something that is there already and is not to be written. */
  given(change: Change): void {
    this.write(change)
    this.untouched.add(change)
  }

  write(change: Change): void {
    const types = this.scopes.get(change.scope) ?? new Map<RecordType, Map<string, Change>>()
    this.scopes.set(change.scope, types)
    const records = types.get(change.type) ?? new Map<string, Change>()
    types.set(change.type, records)
    records.set(change.key, change)
  }

  /** @throws when the rules refuse: the script of the demo is wrong then */
  act<Name extends CommandName>({ branchId, command, args, actor, evidence }: Act<Name>): void {
    this.acts += 1
    const commandKey = `${this.stage}.${String(this.acts).padStart(8, '0')}`
    const prepared =
      this.understood.get(args) ?? commands[command].prepare({ kind: 'branch', branchId }, args)
    if (prepared === undefined) throw new Error(`the demo does not speak ${command}`)
    this.understood.set(args, prepared)
    const decision = prepared.decide(this, { actor, evidence, commandKey })
    if (decision.outcome === 'refused') throw new Error(`${command}: ${decision.refusal.code}`)
    for (const change of decision.value) this.write(change)
  }

  /** Each record as it is in the end, those of a scope together. */
  changes(): Change[] {
    return [...this.scopes.values()].flatMap((types) =>
      [...types.values()].flatMap((records) =>
        [...records.values()].filter((change) => !this.untouched.has(change)),
      ),
    )
  }
}

/** Somebody acting in their branch, with an office there or without. */
export const actorIn = (
  branchId: BranchId,
  personId: PersonId,
  role?: 'secretary' | 'committee-member',
): Authority => ({
  personId,
  organizationId: demoOrganizationId,
  appointments: role === undefined ? [] : [{ role, branchId }],
  branches: [branchId],
  everIn: [branchId],
})
