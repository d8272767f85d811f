import { type Authority, readableScopes } from '#domain/authority'
import type { Prepared } from '#domain/command'
import { prepare, voidCommand } from '#domain/commands'
import type { TimeEvidence } from '#domain/evidence'
import type { PersonId } from '#domain/ids'
import type { Change, Read } from '#domain/records'
import { memberScope, type Scope } from '#domain/scopes'
import { type Outcome, pushLimit, type SentCommand, type SyncRequest } from '#protocol/sync'
import { allInOrder } from '../all-in-order'
import { type AuditEnd, type AuditLink, linkAfter } from '../audit-chain'
import { authorityFrom, readAuthority } from '../authority'
import type { ReadRecords } from '../storage/read-records'
import { readCode } from '../study-codes'
import type { Concluded, Device, DeviceName, ScopeHead, SetAside, SyncTransaction, Writes } from './store'

/** A request and when it came, which is the latest instant its commands can have been made. */
export interface Received {
  readonly request: SyncRequest
  readonly at: number
}

export interface Decided {
  readonly last: number
  readonly outcomes: readonly { readonly id: number; readonly result: Outcome }[]
  /** Whose request it was, as they stood when it was decided. */
  readonly authority: Authority | undefined
  /** Why the command after `last` could not be decided: a reason of ours, never a refusal. */
  readonly failure?: unknown
}

export interface DecidedTogether {
  readonly decided: readonly Decided[]
  /** Of the scopes that these people may read, before anything was written. */
  readonly heads: ReadonlyMap<Scope, ScopeHead>
}

/** After so many failures of one command for a reason of ours, it is kept aside. */
const triesBeforeSettingAside = 5
/** An honest phone leaves no more than half of these unacknowledged: it sends no more in one request. */
const outcomesKept = 2 * pushLimit

/** Decides the commands of many phones in one transaction, in the order the requests came and those
 *  of a phone in order of their ids, each once. Effect, feed, outcome and `last` commit together. An
 *  id at or below `last` is answered from what was decided; a gap ends the list.
 *
 *  A rule that throws fails its own command alone; what the database throws fails them all. With
 *  `failing` that is what every command does: so a command is counted that only the database refuses. */
export async function decideAll(
  transaction: SyncTransaction,
  received: readonly Received[],
  failing?: { readonly cause: unknown },
): Promise<Concluded<DecidedTogether>> {
  const now = Math.max(...received.map(({ at }) => at))
  const [locked, people] = await allInOrder([
    transaction.lockDevices(
      received.map(({ request }) => nameOf(request)),
      now,
    ),
    transaction.records(unique(received.flatMap(({ request }) => readAuthority(request.actor)))),
  ])
  const devices = new Map(locked.map((device) => [keyOf(device), device]))

  const actors = new Map<PersonId, Authority | undefined>()
  for (const { request } of received) {
    if (!actors.has(request.actor)) actors.set(request.actor, authorityFrom(people, request.actor, now))
  }
  const readable = new Set([...actors.values()].flatMap((actor) => (actor ? readableScopes(actor) : [])))

  const fresh = new Map<SentCommand, Fresh>()
  for (const { request } of received) {
    const last = devices.get(keyOf(nameOf(request)))?.last ?? 0
    const actor = actors.get(request.actor)
    for (const command of request.push) {
      if (command.id > last) fresh.set(command, { actor, ready: readied(command, actor) })
    }
  }
  const ready = [...fresh.values()].filter(isReady)
  const official = ready.flatMap((each) => (each.ready.isOfficial ? [each.ready.guard] : []))
  const [, records, auditEnds, heads] = await allInOrder([
    transaction.lockScopes(ready.map((each) => each.ready.guard)),
    transaction.records(unique(ready.flatMap((each) => each.ready.reads(each.actor.personId)))),
    official.length > 0 ? transaction.auditEnds(official) : new Map<Scope, AuditEnd>(),
    transaction.heads([...readable]),
  ])
  const batch = new Batch(records, auditEnds)

  const decided = received.map(({ request, at }): Decided => {
    const key = keyOf(nameOf(request))
    const before = devices.get(key)
    if (before === undefined) throw new Error('a device was not locked')
    const { device, outcomes, failure } = take(before, { request, at }, (command, evidence) => {
      if (failing !== undefined) throw failing.cause
      const commandKey = `${request.device}.${String(command.id).padStart(8, '0')}`
      return batch.decide(command, fresh.get(command), { evidence, commandKey })
    })
    devices.set(key, device)
    if (failure?.isSetAside) {
      const { command, cause } = failure
      batch.aside.push({ ...nameOf(request), command, error: String(cause), at })
    }
    return {
      last: device.last,
      outcomes,
      authority: actors.get(request.actor),
      ...(failure && !failure.isSetAside ? { failure: failure.cause } : {}),
    }
  })

  const before = new Set(locked)
  const changed = [...devices.values()].filter((device) => !before.has(device))
  return { result: { decided, heads }, writes: { ...batch.writes, devices: changed } }
}

interface Fresh {
  readonly actor: Authority | undefined
  readonly ready: Prepared | Outcome
}

const isReady = (fresh: Fresh): fresh is { actor: Authority; ready: Prepared } =>
  fresh.actor !== undefined && 'guard' in fresh.ready

/** A command ready for its rule, or what becomes of one that never gets there. */
function readied(command: SentCommand, actor: Authority | undefined): Prepared | Outcome {
  if (actor === undefined) return refused('not-allowed')
  if (command.command === voidCommand) return refused('unreadable-on-device')
  const prepared = prepare(command.command, command.scope, command.args, actor)
  return typeof prepared === 'string' ? refused(prepared) : prepared
}

const refused = (
  code: 'not-allowed' | 'malformed' | 'unknown-command' | 'unreadable-on-device',
): Outcome => ({ outcome: 'refused', refusal: { code } })

/** The phone had heard of us at one instant when it was made, and brought it at another. */
const evidenceOf = ({ heardAt = 0, claimedAt }: SentCommand, receivedAt: number): TimeEvidence => ({
  earliest: Math.min(heardAt, receivedAt),
  receivedAt,
  claimedAt,
})

/** One phone's request: what it is told, and the phone as the server will know it. */
function take(
  before: Device,
  { request, at }: Received,
  decide: (command: SentCommand, evidence: TimeEvidence) => Outcome,
): {
  readonly device: Device
  readonly outcomes: Device['outcomes']
  readonly failure?: { readonly command: SentCommand; readonly cause: unknown; readonly isSetAside: boolean }
} {
  let { last, failures } = before
  const decided: { id: number; result: Outcome }[] = []
  const told: { id: number; result: Outcome }[] = []
  let failure: { command: SentCommand; cause: unknown; isSetAside: boolean } | undefined
  for (const command of [...request.push].sort((a, b) => a.id - b.id)) {
    if (command.id <= last) {
      const known = [...before.outcomes, ...decided].find(({ id }) => id === command.id)
      if (known !== undefined) told.push(known)
      continue
    }
    if (command.id !== last + 1) break
    let result: Outcome
    try {
      result = decide(command, evidenceOf(command, at))
    } catch (cause) {
      failures += 1
      failure = { command, cause, isSetAside: failures >= triesBeforeSettingAside }
      if (!failure.isSetAside) break
      result = { outcome: 'set-aside' }
    }
    failures = 0
    last = command.id
    decided.push({ id: command.id, result })
    told.push({ id: command.id, result })
    if (failure !== undefined) break
  }
  const isSame = last === before.last && failures === before.failures
  const kept = [...before.outcomes, ...decided].filter(isToBeTold(request.acked)).slice(-outcomesKept)
  const device = isSame ? before : { ...before, last, failures, outcomes: kept, seenAt: at }
  return failure === undefined ? { device, outcomes: told } : { device, outcomes: told, failure }
}

/** What a phone has safe need not be told again. But a failure is: the phone may have been given back an
 *  older memory, or the server may, while an older request was still on its way. */
const isToBeTold =
  (acked: number) =>
  ({ id, result }: Device['outcomes'][number]) =>
    id > acked || result.outcome === 'refused' || result.outcome === 'set-aside'

/** What a batch is going to write, and its records as they stand after each decision. */
class Batch {
  readonly aside: SetAside[] = []
  private readonly changes: Change[] = []
  private readonly links: AuditLink[] = []

  constructor(
    private readonly records: ReadRecords,
    private readonly auditEnds: Map<Scope, AuditEnd>,
  ) {}

  decide(
    command: SentCommand,
    fresh: Fresh | undefined,
    { evidence, commandKey }: { evidence: TimeEvidence; commandKey: string },
  ): Outcome {
    if (fresh === undefined) throw new Error('a command was not read')
    if (!isReady(fresh)) return fresh.ready as Outcome // the other half of its type
    const { actor, ready } = fresh
    const decision = ready.decide(this.records, { actor, evidence, commandKey, readCode })
    if (decision.outcome === 'refused') return { outcome: 'refused', refusal: decision.refusal }
    if (ready.isOfficial) {
      const act = { at: evidence.receivedAt, by: actor.personId, act: command.command, about: commandKey }
      const link = linkAfter(this.auditEnds.get(ready.guard), ready.guard, act, decision.value)
      this.auditEnds.set(ready.guard, link)
      this.links.push(link)
    }
    this.records.apply(decision.value)
    this.changes.push(...decision.value)
    return { outcome: decision.outcome }
  }

  get writes(): Writes {
    return { changes: this.changes, links: this.links, aside: this.aside }
  }
}

export const nameOf = ({ actor, device }: SyncRequest): DeviceName => ({ scope: memberScope(actor), device })

export const keyOf = ({ scope, device }: DeviceName) => `${scope} ${device}`

function unique(reads: readonly Read[]): Read[] {
  const byName = new Map<string, Read>()
  for (const read of reads) {
    byName.set(`${read.scope} ${read.type} ${'key' in read ? `=${read.key}` : read.prefix}`, read)
  }
  return [...byName.values()]
}
