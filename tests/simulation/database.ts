import type { Change, Read } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { Outcome } from '#protocol/sync'
import type { AuditEnd, AuditLink } from '#server/audit-chain'
import { ReadRecords } from '#server/storage/read-records'
import { keyOf } from '#server/sync/decide'
import type {
  Committed,
  Concluded,
  Device,
  DeviceName,
  FeedAsked,
  FeedRow,
  ScopeHead,
  SetAside,
  Feed as StoredFeed,
  SyncStore,
  SyncTransaction,
  Writes,
  Written,
} from '#server/sync/store'
import { Violation } from './violation'

interface Row {
  readonly seq: number
  readonly value: unknown
}

/** One scope's rows, by `type key`. */
export interface Feed extends ScopeHead {
  readonly rows: ReadonlyMap<string, Row>
}

/** What a commit changes at once; a snapshot of it is a backup. */
export interface State {
  readonly feeds: ReadonlyMap<Scope, Feed>
  readonly devices: ReadonlyMap<string, Device>
  readonly auditEnds: ReadonlyMap<Scope, AuditEnd>
  readonly setAside: readonly SetAside[]
  /** Every decision ever, in this history: `scope device id`. */
  readonly decisions: ReadonlyMap<string, Outcome>
}

/** An error of the moment, as PostgreSQL has them. */
export class Transient extends Error {
  override name = 'Transient'
}

/** How the database behaves; the default is well. */
export interface Weather {
  /** Called before each statement: takes its time, and may throw. */
  statement(): Promise<void>
  /** Called around a commit: `before` may throw, and nothing is kept. */
  commit(moment: 'before' | 'after'): Promise<void>
}

/** PostgreSQL as far as synchronisation leans on it, in memory: what is not committed nobody else
 *  sees, a statement sees what is committed when it begins, locks are held to the end. */
export class SimulatedDatabase {
  private state: State = {
    feeds: new Map(),
    devices: new Map(),
    auditEnds: new Map(),
    setAside: [],
    decisions: new Map(),
  }
  /** Kept here too: whoever runs the statement may swallow what it throws. */
  readonly violations: Violation[] = []
  private readonly locks = new Map<string, { holder: object; waiting: { who: object; go: () => void }[] }>()

  /** Another server's connection to it. */
  connect(weather: Weather): SyncStore & { abandon(): void } {
    return new Connection(this, weather)
  }

  get committed(): State {
    return this.state
  }

  /** What a scope made from now on begins with. */
  epoch = 1

  /** Nobody may be connected. Every scope begins anew under this epoch, also those still to be made. */
  restore(backup: State, epoch: number): void {
    this.epoch = epoch
    const feeds = new Map([...backup.feeds].map(([scope, feed]) => [scope, { ...feed, epoch }] as const))
    this.state = { ...backup, feeds }
    this.locks.clear()
  }

  /** As the compaction does: tombstones up to what was the head go. */
  compact(scope: Scope, floor: number): void {
    const feed = this.state.feeds.get(scope)
    if (feed === undefined) return
    const rows = new Map([...feed.rows].filter(([, row]) => row.value !== null || row.seq > floor))
    this.state = { ...this.state, feeds: new Map(this.state.feeds).set(scope, { ...feed, floor, rows }) }
  }

  get emptyFeed(): Feed {
    return { seq: 0, epoch: this.epoch, floor: 0, rows: new Map() }
  }

  violation(promise: string, what: string): Violation {
    const violation = new Violation(promise, what)
    this.violations.push(violation)
    return violation
  }

  replace(state: State): void {
    this.state = state
  }

  lock(name: string, holder: object): Promise<void> | undefined {
    const lock = this.locks.get(name)
    if (lock === undefined) {
      this.locks.set(name, { holder, waiting: [] })
      return undefined
    }
    if (lock.holder === holder) return undefined
    return new Promise((resolve) => {
      const go = () => {
        lock.holder = holder
        resolve()
      }
      lock.waiting.push({ who: holder, go })
    })
  }

  release(holder: object): void {
    for (const [name, lock] of this.locks) {
      lock.waiting = lock.waiting.filter(({ who }) => who !== holder) // it is gone, and would hold it for ever
      if (lock.holder !== holder) continue
      const next = lock.waiting.shift()
      if (next === undefined) this.locks.delete(name)
      else next.go()
    }
  }
}

/** Records as a reader finds them, with a transaction's own laid over. */
export function recordsIn(state: State, reads: readonly Read[], own?: ReadonlyMap<Scope, Feed>): ReadRecords {
  const records = new ReadRecords()
  for (const read of reads) {
    for (const [name, { value }] of rowsOf(own?.get(read.scope) ?? state.feeds.get(read.scope), read))
      records.add(read.scope, read.type, name.slice(read.type.length + 1), value)
  }
  return records
}

/** What is there of what somebody reads. */
function rowsOf(feed: Feed | undefined, read: Read): [string, Row][] {
  if (feed === undefined) return []
  if ('key' in read) {
    const name = `${read.type} ${read.key}`
    const row = feed.rows.get(name)
    return row === undefined || row.value === null ? [] : [[name, row]]
  }
  const start = `${read.type} ${read.prefix}`
  return [...feed.rows].filter(([name, { value }]) => value !== null && name.startsWith(start))
}

/** Who somebody is, is read before anything is locked, and may change while it is decided what they did. */
const isOfAuthority = (read: Read) =>
  read.scope.startsWith('member:') && (read.type === 'profile' || 'prefix' in read)

const headsIn = ({ feeds }: State, scopes: readonly Scope[]): Map<Scope, ScopeHead> =>
  new Map(
    scopes.flatMap((scope) => {
      const feed = feeds.get(scope)
      return feed === undefined ? [] : [[scope, feed] as const]
    }),
  )

class Connection implements SyncStore {
  private isAbandoned = false
  private readonly open = new Set<Transaction>()

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly weather: Weather,
  ) {}

  isTransient = (error: unknown): boolean => error instanceof Transient

  /** The server's process is gone: what it had not committed is undone, and it never hears back. */
  abandon(): void {
    this.isAbandoned = true
    for (const transaction of this.open) this.database.release(transaction)
    this.open.clear()
  }

  transaction = async <T>(
    work: (transaction: SyncTransaction) => Promise<Concluded<T>>,
  ): Promise<Committed<T>> => {
    await this.statement()
    const transaction = new Transaction(this.database, () => this.statement())
    this.open.add(transaction)
    try {
      const { result, writes } = await work(transaction)
      const written = await transaction.write(writes)
      await this.weather.commit('before')
      await this.alive()
      transaction.commit()
      await this.weather.commit('after')
      await this.alive()
      return { result, written }
    } finally {
      if (!this.isAbandoned) {
        this.open.delete(transaction)
        this.database.release(transaction)
      }
    }
  }

  devices = async (names: readonly DeviceName[]): Promise<Device[]> => {
    await this.statement()
    return names.flatMap((name) => this.database.committed.devices.get(keyOf(name)) ?? [])
  }

  records = async (reads: readonly Read[]): Promise<ReadRecords> => {
    await this.statement()
    return recordsIn(this.database.committed, reads)
  }

  heads = async (scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>> => {
    await this.statement()
    return headsIn(this.database.committed, scopes)
  }

  feeds = async (asked: readonly FeedAsked[]): Promise<StoredFeed[]> => {
    await this.statement()
    return asked.map(({ scope, after, limit }) => {
      const feed = this.database.committed.feeds.get(scope)
      const rows = [...(feed?.rows ?? [])]
        .filter(([, { seq }]) => seq > after)
        .sort(([, a], [, b]) => a.seq - b.seq)
        .slice(0, limit)
        .map(([name, { seq, value }]): FeedRow => {
          const space = name.indexOf(' ')
          return { seq, row: [name.slice(0, space), name.slice(space + 1), value] }
        })
      return { floor: feed?.floor ?? 0, rows }
    })
  }

  private async statement(): Promise<void> {
    await this.alive()
    await this.weather.statement()
    await this.alive()
  }

  private alive(): Promise<void> | undefined {
    return this.isAbandoned ? new Promise(() => undefined) : undefined
  }
}

class Transaction implements SyncTransaction {
  private readonly feeds = new Map<Scope, Feed>()
  private readonly devices = new Map<string, Device>()
  private readonly ends = new Map<Scope, AuditEnd>()
  private readonly decisions = new Map<string, Outcome>()
  private aside: readonly SetAside[] = []
  private last: Promise<unknown> = Promise.resolve()
  /** What was read, and the rows it was then. */
  private readonly seen: { readonly read: Read; readonly rows: readonly Row[] }[] = []
  /** The lowest number given to a row of each scope. */
  private readonly numberedFrom = new Map<Scope, number>()

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly statement: () => Promise<void>,
  ) {}

  /** One statement after the other, in the order they were asked for. */
  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.last.then(async () => {
      await this.statement()
      return work()
    })
    this.last = done.catch(() => undefined)
    return done
  }

  lockDevices(names: readonly DeviceName[], now: number): Promise<Device[]> {
    return this.inTurn(async () => {
      const wanted = [...new Map(names.map((name) => [keyOf(name), name])).entries()]
      await this.lock(wanted.map(([key]) => `device ${key}`))
      return wanted.map(([key, { scope, device }]) => {
        const made: Device = { scope, device, last: 0, outcomes: [], failures: 0, seenAt: now }
        const found = this.database.committed.devices.get(key) ?? made
        this.devices.set(key, found)
        return found
      })
    })
  }

  lockScopes(scopes: readonly Scope[]): Promise<void> {
    return this.inTurn(() => this.lock(scopes))
  }

  records(reads: readonly Read[]): Promise<ReadRecords> {
    return this.inTurn(() => {
      for (const read of reads) {
        if (!isOfAuthority(read)) this.seen.push({ read, rows: this.rowsNow(read) })
      }
      return recordsIn(this.database.committed, reads, this.feeds)
    })
  }

  auditEnds(scopes: readonly Scope[]): Promise<Map<Scope, AuditEnd>> {
    return this.inTurn(() => {
      const ends = scopes.flatMap((scope) => {
        const end = this.database.committed.auditEnds.get(scope)
        return end === undefined ? [] : [[scope, end] as const]
      })
      return new Map(ends)
    })
  }

  heads(scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>> {
    return this.inTurn(() => headsIn(this.database.committed, scopes))
  }

  /** What `work` wants written, a statement for each kind. */
  async write({ changes = [], links = [], devices = [], aside = [] }: Writes): Promise<Written> {
    const [written] = await Promise.all([
      changes.length > 0 ? this.inTurn(() => this.writeRecords(changes)) : new Map(),
      links.length > 0 && this.inTurn(() => this.appendAudit(links)),
      devices.length > 0 && this.inTurn(() => this.saveDevices(devices)),
      aside.length > 0 && this.inTurn(() => this.setAside(aside)),
    ])
    return written
  }

  /** A value of null takes the record away. */
  private async writeRecords(changes: readonly Change[]): Promise<Written> {
    const scopes = [...new Set(changes.map(({ scope }) => scope))].sort()
    await this.lock(scopes)
    // As PostgreSQL refuses it in jsonb.
    if (JSON.stringify(changes).includes('\\u0000')) throw new Error('unsupported Unicode escape sequence')
    const written = new Map<Scope, { head: Feed; rows: FeedRow[] }>()
    for (const scope of scopes) {
      const before =
        this.feeds.get(scope) ?? this.database.committed.feeds.get(scope) ?? this.database.emptyFeed
      const rows = new Map(before.rows)
      const last = new Map(
        changes.filter((each) => each.scope === scope).map((each) => [`${each.type} ${each.key}`, each]),
      )
      let { seq } = before
      this.numberedFrom.set(scope, seq + 1)
      const added: FeedRow[] = []
      for (const [name, { type, key, value }] of last) {
        rows.set(name, { seq: ++seq, value })
        added.push({ seq, row: [type, key, value] })
      }
      const head = { ...before, seq, rows }
      this.feeds.set(scope, head)
      written.set(scope, { head, rows: added })
    }
    return written
  }

  private appendAudit(links: readonly AuditLink[]): void {
    for (const { scope, seq, hash, entry } of links) {
      const end = this.ends.get(scope) ?? this.database.committed.auditEnds.get(scope)
      if (seq !== (end?.seq ?? 0) + 1 || entry.previous !== (end?.hash ?? ''))
        throw this.database.violation('audit', `the chain of ${scope} is broken at ${seq}`)
      this.ends.set(scope, { seq, hash })
    }
  }

  private saveDevices(devices: readonly Device[]): void {
    for (const device of devices) {
      const key = keyOf(device)
      const before = this.devices.get(key)?.last ?? 0
      for (const { id, result } of device.outcomes) {
        if (id > before) this.decisions.set(`${key} ${id}`, result)
      }
      this.devices.set(key, device)
    }
  }

  private setAside(commands: readonly SetAside[]): void {
    this.aside = [...this.aside, ...commands]
  }

  commit(): void {
    const state = this.database.committed
    for (const [scope, from] of this.numberedFrom) {
      const { seq } = state.feeds.get(scope) ?? this.database.emptyFeed
      if (from <= seq)
        throw this.database.violation('order', `${from} of ${scope} was given to two, up to ${seq}`)
    }
    for (const { read, rows } of this.seen) {
      const now = this.rowsNow(read)
      if (now.length !== rows.length || now.some((row, index) => row !== rows[index]))
        throw this.database.violation('order', `${JSON.stringify(read)} changed while it was decided on`)
    }
    const decisions = new Map(state.decisions)
    for (const [name, outcome] of this.decisions) {
      if (decisions.has(name)) throw this.database.violation('2', `${name} was decided again`)
      decisions.set(name, outcome)
    }
    this.database.replace({
      feeds: new Map([...state.feeds, ...this.feeds]),
      devices: new Map([...state.devices, ...this.devices]),
      auditEnds: new Map([...state.auditEnds, ...this.ends]),
      setAside: [...state.setAside, ...this.aside],
      decisions,
    })
  }

  private rowsNow(read: Read): Row[] {
    return rowsOf(this.database.committed.feeds.get(read.scope), read).map(([, row]) => row)
  }

  private async lock(names: readonly string[]): Promise<void> {
    for (const name of [...new Set(names)].sort()) await this.database.lock(name, this)
  }
}
