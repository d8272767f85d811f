import * as v from 'valibot'
import { readableScopes } from '#domain/authority'
import type { PersonId } from '#domain/ids'
import type { Change } from '#domain/records'
import { memberScope, type Scope } from '#domain/scopes'
import { type SyncAnswer, syncRequestSchema } from '#protocol/sync'
import { authorityFrom, readAuthority } from '#server/authority'
import { QueueFull } from '#server/rounds'
import { Exchange } from '#server/sync/exchange'
import type { SyncStore } from '#server/sync/store'
import { Overloaded, Unreachable } from '#sync/server-link'
import type { Choices } from './choices'
import { recordsIn, SimulatedDatabase, type State, Transient, type Weather } from './database'
import { everything } from './people'
import type { World } from './world'

/** The real server, on one or two machines over one database, and what befalls it. */
export class SimulatedServer {
  readonly database = new SimulatedDatabase()
  private readonly nodes: Node[]
  private epoch = 1
  private restores = 0
  private readonly jobs = new Set<{ abandon(): void }>()
  /** What is delivered once it is back. */
  private waiting: (() => void)[] = []

  private constructor(
    private readonly world: World,
    private readonly choices: Choices,
  ) {
    const pageRows = choices.of([1_000, 40, 7, 3])
    const count = choices.kind === 'rush' ? 2 : choices.of([1, 2])
    this.nodes = Array.from({ length: count }, () => new Node(this.database, world, choices, pageRows))
  }

  static async open(world: World, choices: Choices): Promise<SimulatedServer> {
    const server = new SimulatedServer(world, choices)
    await server.write(everything(), 0)
    return server
  }

  /** As a job or another part of the server does, without the queue of commands. */
  async write(
    changes: readonly { scope: Scope; type: string; key: string; value: unknown }[],
    statementMs = 4,
  ): Promise<void> {
    const calm: Weather = {
      statement: async () => {
        if (statementMs > 0) await this.world.sleep(this.choices.noise() * statementMs)
      },
      commit: async () => undefined,
    }
    const guards = changes.flatMap(({ scope }) => guardsOver(scope))
    const connection = this.database.connect(calm)
    this.jobs.add(connection)
    await connection.transaction(async (transaction) => {
      await transaction.lockScopes(guards)
      return { result: undefined, writes: { changes: changes as Change[] } } // or none, which takes a record away
    })
    this.jobs.delete(connection)
  }

  /** One request, as text, of somebody whose session holds. The answer as text.
   *  @throws what a phone would take it for */
  async receive(text: string, who: PersonId): Promise<string> {
    const up = this.nodes.filter((node) => node.isUp)
    const node = up[this.choices.pick(Math.max(up.length, 1))]
    if (node === undefined) throw new Unreachable('nobody there')
    const before = this.database.committed
    const { restores } = this
    const answer = await node.take(text, who)
    const { device } = JSON.parse(text) as { device: string }
    const known = this.database.committed.devices.get(`${memberScope(who)} ${device}`)?.last ?? 0
    if (answer.last > known && this.restores === restores)
      throw this.database.violation('1', `${who} was told of ${answer.last}, and only ${known} was kept`)
    // Until the answer is on its way, whoever was let go may still be told.
    for (const [scope, news] of Object.entries(answer.scopes)) {
      if (news.is === 'gone' || this.mayRead(who, scope, this.database.committed)) continue
      if (!this.mayRead(who, scope, before)) throw this.database.violation('4', `${who} was sent ${scope}`)
    }
    return JSON.stringify(answer)
  }

  private mayRead(who: PersonId, scope: string, state: State): boolean {
    const authority = authorityFrom(recordsIn(state, readAuthority(who)), who, this.world.now)
    return authority !== undefined && readableScopes(authority).some((each) => each === scope)
  }

  crash(): void {
    const node = this.nodes[this.choices.pick(this.nodes.length)]
    node?.crash(this.choices.of([2_000, 40_000, 600_000]))
  }

  /** Everything since the backup is forgotten. */
  restore(backup: State): void {
    this.restores += 1
    for (const node of this.nodes) node.crash(1_000)
    for (const connection of this.jobs) connection.abandon()
    this.jobs.clear()
    this.epoch = Math.max(this.epoch + 1, Math.floor(this.world.now / 1000))
    this.database.restore(backup, this.epoch)
    const came = this.waiting.splice(0)
    for (const deliver of came) {
      if (this.choices.oneIn(3)) this.world.after(1_000 + this.choices.noise() * 2_000, deliver)
    }
  }

  /** A request that waits on the way until then, or never comes. */
  whenRestored(deliver: () => void): void {
    this.waiting.push(deliver)
  }

  /** From now on nothing befalls it. */
  heal(): void {
    for (const node of this.nodes) node.heal()
  }
}

/** Under whose locks it is decided on what lies in this scope. */
function guardsOver(scope: Scope): Scope[] {
  const [kind, id] = scope.split(':')
  if (kind === 'leave') return [`review:${id}`]
  return kind === 'review' || kind === 'secretary' || kind === 'desk' ? [scope] : []
}

class Node {
  private exchange: Exchange | undefined
  private connection: (SyncStore & { abandon(): void }) | undefined
  private isCalm = false
  /** Counted down at each statement or commit; what happens at zero. */
  private failsIn = 0
  private crashesIn = 0
  private crashMoment: 'before' | 'after' = 'after'

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly world: World,
    private readonly choices: Choices,
    private readonly pageRows: number,
  ) {
    this.start()
  }

  get isUp(): boolean {
    return this.exchange !== undefined
  }

  async take(text: string, who: PersonId): Promise<SyncAnswer> {
    if (this.exchange === undefined) throw new Unreachable('nobody there')
    const request = v.parse(syncRequestSchema, JSON.parse(text))
    if (request.actor !== who) throw this.database.violation('4', 'another person’s outbox was sent')
    const { exchange } = this
    const lost = new Promise<never>((_, reject) => this.onCrash.add(reject))
    try {
      return await Promise.race([exchange.take(request, this.world.now), lost])
    } catch (error) {
      if (error instanceof Unreachable) throw error
      if (error instanceof Transient || error instanceof QueueFull) throw new Overloaded(2_000)
      throw new Unreachable('internal')
    }
  }

  private readonly onCrash = new Set<(reason: Error) => void>()

  crash(forMs: number): void {
    if (this.exchange === undefined || this.isCalm) return
    this.connection?.abandon()
    this.exchange = undefined
    for (const reject of this.onCrash) reject(new Unreachable('connection lost'))
    this.onCrash.clear()
    this.world.after(forMs, () => this.start())
  }

  heal(): void {
    this.isCalm = true
    this.failsIn = 0
    this.crashesIn = 0
    this.start()
  }

  private start(): void {
    if (this.exchange !== undefined) return
    if (!this.isCalm) {
      this.failsIn = this.choices.weighted([
        [0, 6],
        [this.choices.pick(80) + 1, 4],
      ])
      this.crashesIn = this.choices.weighted([
        [0, 6],
        [this.choices.pick(12) + 1, 4],
      ])
      this.crashMoment = this.choices.of(['after', 'before'])
    }
    this.connection = this.database.connect({
      statement: async () => {
        await this.world.sleep(this.choices.noise() * (this.choices.kind === 'rush' ? 50 : 4))
        if (this.failsIn > 0 && --this.failsIn === 0) throw new Transient('deadlock detected')
      },
      commit: async (moment) => {
        if (moment === 'before') await this.world.sleep(this.choices.noise() * 8)
        if (moment !== this.crashMoment || this.crashesIn === 0 || --this.crashesIn > 0) return
        this.crash(3_000)
      },
    })
    this.exchange = new Exchange(this.connection, {
      size: { rows: this.pageRows, bytes: 80 * 1024 },
      soon: queueMicrotask,
    })
  }
}
