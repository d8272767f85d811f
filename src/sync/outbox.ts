import * as v from 'valibot'
import { voidCommand } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import { refusalSchema } from '#domain/refusal'
import { memberScope } from '#domain/scopes'
import { type Outcome, type SentCommand, sentCommandSchema } from '#protocol/sync'
import { framed, unframed } from './frame'
import { type KeyValueStore, StorageFull } from './key-value-store'
import type { MetaSlots } from './meta'

/** A refused or set-aside command, kept until the person has seen it. */
const deadLetterSchema = v.object({
  command: sentCommandSchema,
  refusal: v.optional(refusalSchema),
  at: v.number(),
})
export type DeadLetter = v.InferOutput<typeof deadLetterSchema>

const dayMs = 86_400_000
/** A server restored from a backup can be told again what it forgot, this far back. */
const settledKeptMs = 14 * dayMs

/** One person's commands on this device, each under a key of its own: a write touches nothing but
 *  itself. A command is settled once the server's `last` has reached its id; settled ones stay for
 *  a while and are pending again when a restored server answers with a lower `last`. */
export class Outbox {
  /** Said to be not saved, and it is not known whether anything of it is on the disk. */
  private readonly doubtful = new Set<number>()

  private constructor(
    private readonly store: KeyValueStore,
    private readonly prefix: string,
    private readonly actor: PersonId,
    private readonly commands: Map<number, SentCommand>,
    private readonly unreadable: Set<number>,
    private readonly letters: Map<number, DeadLetter>,
    private readonly meta: MetaSlots,
    private last: number,
    private spent: number,
  ) {}

  /** @throws when anything cannot be read: an unread outbox is never an empty one. */
  static async open(store: KeyValueStore, prefix: string, actor: PersonId, meta: MetaSlots): Promise<Outbox> {
    const commands = new Map<number, SentCommand>()
    const unreadable = new Set<number>()
    const letters = new Map<number, DeadLetter>()
    let highest = Math.max(meta.last, meta.highest)
    for (const key of await store.keys(`${prefix}o/`)) {
      const id = Number(key.slice(`${prefix}o/`.length))
      highest = Math.max(highest, id)
      const command = await read(store, key, sentCommandSchema)
      if (command !== undefined) commands.set(id, command)
      // Unreadable: kept aside for whoever can mend it; its id goes up as void, and is reported.
      else await setAside(store, key, `${prefix}x/o/${id}`)
      if (command === undefined) unreadable.add(id)
    }
    for (const key of await store.keys(`${prefix}d/`)) {
      const id = Number(key.slice(`${prefix}d/`.length))
      highest = Math.max(highest, id)
      const letter = await read(store, key, deadLetterSchema)
      // Even one that cannot be read any more is told until dismissed: something of theirs was not taken.
      const refusal = { code: 'unreadable-on-device' as const }
      letters.set(id, letter ?? { command: voidAt(id, actor, 0), refusal, at: 0 })
    }
    for (const key of await store.keys(`${prefix}x/o/`)) {
      const id = Number(key.slice(`${prefix}x/o/`.length))
      highest = Math.max(highest, id)
      unreadable.add(id)
    }
    return new Outbox(store, prefix, actor, commands, unreadable, letters, meta, meta.last, highest)
  }

  /** The first id that no command has, ever had, or ever will have again. */
  get next(): number {
    return this.spent + 1
  }

  /** No id above it was ever given out. */
  get highest(): number {
    return this.spent
  }

  /** The lowest id of what is kept and can be asked about again, readable or not. */
  get lowest(): number {
    return Math.min(this.next, ...this.commands.keys(), ...this.unreadable, ...this.letters.keys())
  }

  /** Returns only when the command is on the disk. */
  async add(command: Omit<SentCommand, 'id'>): Promise<SentCommand> {
    const kept = { ...command, id: this.next }
    // The id is spent before the write: after a torn one it is not known what the disk holds.
    this.spent = kept.id
    try {
      await this.store.set(`${this.prefix}o/${kept.id}`, framed(kept))
    } catch (error) {
      // Said to be not saved, so it must not come to life later.
      this.doubtful.add(kept.id)
      await this.takeBack().catch(() => undefined)
      throw error
    }
    this.commands.set(kept.id, kept)
    return kept
  }

  /** Before anything is sent. An id that only this process knows to be spent would be spent again
   *  after a restart, on a command that the server then takes for the void it was sent.
   *  @throws {StorageBroken} it is still not known what the disk holds */
  async takeBack(): Promise<void> {
    for (const id of [...this.doubtful].sort((a, b) => b - a)) {
      await this.store.delete(`${this.prefix}o/${id}`)
      this.doubtful.delete(id)
      if (id === this.spent) this.spent -= 1 // a hole below others is filled as void
    }
  }

  /** Waiting for the server, in order. */
  pending(): SentCommand[] {
    return [...this.commands.values()].filter(({ id }) => id > this.last).sort((a, b) => a.id - b.id)
  }

  /** What to send: every id after `last`, without holes. */
  toSend(limit: number, now: number): SentCommand[] {
    const send: SentCommand[] = []
    for (let id = this.last + 1; id <= this.spent && send.length < limit; id++) {
      send.push(this.commands.get(id) ?? voidAt(id, this.actor, now))
    }
    return send
  }

  deadLetters(): DeadLetter[] {
    return [...this.letters.values()].sort((a, b) => a.command.id - b.command.id)
  }

  /** How far the server may forget what it decided: what a letter tells can be asked again, should the
   *  server go back to a backup and decide otherwise. */
  acked(last: number): number {
    return Math.min(last, ...[...this.letters.keys()].map((id) => id - 1))
  }

  /** First what must be told to the person, and what is not true any more: a server that went back to a
   *  backup decides again what it had refused. */
  async keepDeadLetters(outcomes: ReadonlyMap<number, Outcome>, now: number): Promise<void> {
    for (const [id, result] of outcomes) {
      if (result.outcome !== 'refused' && result.outcome !== 'set-aside') {
        if (this.letters.has(id)) await this.drop(id)
        continue
      }
      const command = this.commands.get(id)
      // A hole that a full disk left: its author was told 「未保存」 at once.
      if (command === undefined && !this.unreadable.has(id)) continue
      const letter: DeadLetter = {
        command: command ?? voidAt(id, this.actor, now),
        refusal: result.outcome === 'refused' ? result.refusal : undefined,
        at: now,
      }
      await this.store.set(`${this.prefix}d/${id}`, framed(letter))
      this.letters.set(id, letter)
    }
  }

  /** After `last` is on the disk: forget what was settled long ago. */
  async settle(last: number, highest: number, now: number): Promise<void> {
    this.last = last
    this.spent = highest
    for (const command of this.commands.values()) {
      if (command.id > last || command.claimedAt > now - settledKeptMs) continue
      if (command.id > this.meta.spent) continue // until the next slot is written
      await this.store.delete(`${this.prefix}o/${command.id}`)
      this.commands.delete(command.id)
    }
  }

  /** The person has read it. What it tells is not asked about again, and does not come back. */
  async dismiss(id: number): Promise<void> {
    if (!this.letters.has(id)) return
    await this.store.delete(`${this.prefix}o/${id}`)
    this.commands.delete(id)
    await setAside(this.store, `${this.prefix}x/o/${id}`, `${this.prefix}x/d/${id}`)
    await this.store.delete(`${this.prefix}x/o/${id}`) // no room to keep it: it was told, and is not to be told again
    this.unreadable.delete(id)
    await this.meta.spend(id)
    await this.drop(id)
  }

  private async drop(id: number): Promise<void> {
    await this.store.delete(`${this.prefix}d/${id}`)
    this.letters.delete(id)
  }
}

/** Fills the place of a command that is not to be read. */
const voidAt = (id: number, actor: PersonId, claimedAt: number): SentCommand => ({
  id,
  command: voidCommand,
  scope: memberScope(actor),
  args: {},
  claimedAt,
})

async function read<T>(
  store: KeyValueStore,
  key: string,
  schema: v.GenericSchema<unknown, T>,
): Promise<T | undefined> {
  const entry = await store.get(key)
  const content = entry === undefined ? undefined : unframed(entry)
  const parsed = content === undefined ? undefined : v.safeParse(schema, content.value)
  return parsed?.success ? parsed.output : undefined
}

async function setAside(store: KeyValueStore, from: string, to: string): Promise<void> {
  const entry = await store.get(from)
  try {
    if (entry !== undefined) await store.set(to, entry)
  } catch (error) {
    if (error instanceof StorageFull) return // it keeps where it is, and a full phone opens all the same
    throw error
  }
  await store.delete(from)
}
