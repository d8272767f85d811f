import * as v from 'valibot'
import { readableScopes } from '#domain/authority'
import { voidCommand } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import type { Change } from '#domain/records'
import type { Scope } from '#domain/scopes'
import {
  type Outcome,
  type Row,
  type SentCommand,
  type SyncAnswer,
  type SyncRequest,
  syncRequestSchema,
} from '#protocol/sync'
import { MemoryServer } from '../memory-server'

export interface Decided {
  readonly id: number
  /** Of a ticket; undefined for what only fills a hole. */
  readonly words: string | undefined
  readonly result: Outcome
}

/** The server in memory, which writes down what it decided, and forgets outcomes that the phone has
 *  safe, as the real one does. */
export class WatchedServer extends MemoryServer {
  readonly log: Decided[] = []
  readonly devicesSeen = new Set<string>()
  lastRequest: SyncRequest | undefined
  /** What becomes of a ticket with these words; the others are decided by the rule. */
  readonly planned = new Map<string, Outcome>()

  override async sync(request: SyncRequest): Promise<SyncAnswer> {
    this.lastRequest = v.parse(syncRequestSchema, JSON.parse(JSON.stringify(request)))
    this.devicesSeen.add(request.device)
    const device = this.devices.get(`${request.actor} ${request.device}`)
    const isFresh = request.push.some(({ id }) => id > (device?.last ?? 0))
    for (const id of isFresh ? [...(device?.outcomes.keys() ?? [])] : []) {
      if (id <= request.acked) device?.outcomes.delete(id)
    }
    return super.sync(request)
  }

  protected override decide(request: SyncRequest, command: SentCommand): Outcome {
    const words = wordsOf(command)
    const planned = words === undefined ? undefined : this.planned.get(words)
    const result = planned ?? super.decide(request, command)
    this.log.push({ id: command.id, words, result })
    return result
  }

  /** Rows that others' commands have made; a value of null is a tombstone. */
  publish(scope: Scope, rows: readonly Row[]): void {
    this.feed(rows.map(([type, key, value]) => ({ scope, type, key, value }) as Change)) // as they come down
  }

  /** What this person may read now, by scope: `[type, key, value]` in the order of a copy. */
  copyFor(personId: PersonId): Map<Scope, Row[]> {
    const copy = new Map<Scope, Row[]>()
    for (const scope of readableScopes(this.branch.authority(personId, this.clock.now))) {
      const feed = this.feeds.get(scope)
      if (feed === undefined) continue
      const rows = [...feed.rows.values()].map(({ row }) => row).filter(([, , value]) => value !== null)
      copy.set(scope, rows.sort(byName))
    }
    return copy
  }
}

const byName = ([type, key]: Row, [otherType, otherKey]: Row) =>
  `${type} ${key}` < `${otherType} ${otherKey}` ? -1 : 1

export function wordsOf({ command, args }: SentCommand): string | undefined {
  return command === voidCommand ? undefined : (args as { words: string }).words // every other is a ticket here
}
