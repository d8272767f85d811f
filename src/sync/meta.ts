import * as v from 'valibot'
import { deviceIdSchema } from '#protocol/sync'
import { framed, unframed } from './frame'
import type { KeyValueStore } from './key-value-store'

const metaSchema = v.object({
  /** Counts the writes; the higher slot is the newer. */
  turn: v.number(),
  device: deviceIdSchema,
  /** The last command with an outcome. */
  last: v.number(),
  /** At least the highest id ever given out: what had it may be gone from the disk, and `last` may go back. */
  highest: v.optional(v.number(), 0),
  /** The server's clock minus this phone's, at the last contact. */
  clockOffset: v.number(),
  /** The server's clock in the last answer; 0 before the first. */
  heardAt: v.optional(v.number(), 0),
})
type Meta = v.InferOutput<typeof metaSchema>

/** What one person's outbox on this device stands on, in two slots written in turn: a torn write
 *  leaves the older one. */
export class MetaSlots {
  /** As on the disk, or newer. */
  heardAt: number

  private constructor(
    private readonly store: KeyValueStore,
    private readonly prefix: string,
    private meta: Meta,
    /** `highest` as each slot tells it; 0 of one that tells nothing. */
    private readonly told = [0, 0],
  ) {
    this.heardAt = meta.heardAt
  }

  /** @throws when the slots cannot be read: a new device id here would forget a queue. */
  static async open(
    store: KeyValueStore,
    prefix: string,
    newDevice: () => Promise<string>,
  ): Promise<MetaSlots> {
    let newest: Meta | undefined
    const told = [0, 0]
    for (const slot of [0, 1]) {
      const entry = await store.get(`${prefix}m/${slot}`)
      if (entry === undefined) continue
      const parsed = v.safeParse(metaSchema, unframed(entry)?.value)
      if (!parsed.success) continue
      told[slot] = parsed.output.highest
      if (parsed.output.turn >= (newest?.turn ?? 0)) newest = parsed.output
    }
    if (newest !== undefined) return new MetaSlots(store, prefix, newest, told)

    const slots = new MetaSlots(store, prefix, {
      turn: 0,
      device: await newDevice(),
      last: 0,
      highest: 0,
      clockOffset: 0,
      heardAt: 0,
    })
    // Should both slots have gone bad, everything still here goes up again from the new device; the
    // rules make a repeat harmless, and nothing is dropped.
    await slots.write({})
    return slots
  }

  get device(): string {
    return this.meta.device
  }
  get last(): number {
    return this.meta.last
  }
  get highest(): number {
    return this.meta.highest
  }
  /** Up to it each slot knows the ids to be given out: what had them may go from the disk. */
  get spent(): number {
    return Math.min(...this.told)
  }
  get clockOffset(): number {
    return this.meta.clockOffset
  }

  /** As on the disk. */
  get keptHeardAt(): number {
    return this.meta.heardAt
  }

  heard(at: number): void {
    this.heardAt = Math.max(this.heardAt, at)
  }

  async write(change: Partial<Pick<Meta, 'last' | 'highest' | 'clockOffset' | 'heardAt'>>): Promise<void> {
    const meta = { ...this.meta, ...change, turn: this.meta.turn + 1 }
    this.told[meta.turn % 2] = 0 // it may be torn
    await this.store.set(`${this.prefix}m/${meta.turn % 2}`, framed(meta))
    this.told[meta.turn % 2] = meta.highest
    this.meta = meta
  }

  /** Before the last of what had this id goes from the disk: then one slot alone may be left to know of it. */
  async spend(id: number): Promise<void> {
    while (this.spent < id) await this.write({ highest: Math.max(this.meta.highest, id) })
  }
}
