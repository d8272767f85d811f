/** The load generator: all clients in one process of their own, started by `generator.ts`.
 *
 *  It shares the processors with what it measures, so it speaks HTTP by hand on plain sockets. The
 *  same load by undici 7 took it 1.6 times the CPU for each request. */

import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection'
import { gather } from './crowd'
import { latencyOf } from './latency'
import type { Load, LoadResult, News, Order, PersonOnPhone } from './orders'
import { asHttp, type Talker, talkersOf } from './talkers'

interface Group {
  /** Of our own wire. */
  readonly people: readonly PersonOnPhone[]
  readonly talkers: readonly Talker[]
  readonly acknowledgedTo: number[]
}

const groups = new Map<string, Group>()

const tell = (news: News) => process.send?.(news)

function groupOf(name: string): Group {
  const group = groups.get(name)
  if (group === undefined) throw new Error(`there is no group ${name}`)
  return group
}

/** Counts what was acknowledged between `begin` and `end`, and failures always. */
class Tally {
  private isCounting = false
  private readonly latencies: number[] = []
  private failed = 0
  private readonly failures: Record<string, number> = {}
  private began = 0
  private cpu = process.cpuUsage()
  private bytes = { up: 0, down: 0 }
  private measured: Pick<LoadResult, 'measuredMs' | 'cpuMs' | 'bytes'> | undefined
  watched = 0
  turnedAway = 0

  constructor(private readonly connections: readonly Slot[]) {}

  begin(): void {
    this.isCounting = true
    this.began = performance.now()
    this.cpu = process.cpuUsage()
    this.bytes = this.bytesNow()
  }

  end(): void {
    this.isCounting = false
    const { user, system } = process.cpuUsage(this.cpu)
    const { up, down } = this.bytesNow()
    const count = this.latencies.length
    this.measured = {
      measuredMs: performance.now() - this.began,
      cpuMs: (user + system) / 1_000,
      bytes: { up: (up - this.bytes.up) / count, down: (down - this.bytes.down) / count },
    }
  }

  acknowledge(ms: number): void {
    if (this.isCounting) this.latencies.push(ms)
  }

  fail(why: string): void {
    this.failed += 1
    this.failures[why] = (this.failures[why] ?? 0) + 1
  }

  result(acknowledgedTo: readonly number[]): LoadResult {
    if (this.measured === undefined) throw new Error('nothing was measured')
    return {
      ...this.measured,
      acknowledged: this.latencies.length,
      failed: this.failed,
      failures: this.failures,
      latencyMs: latencyOf(this.latencies),
      watched: this.watched,
      turnedAway: this.turnedAway,
      acknowledgedTo,
    }
  }

  private bytesNow(): { up: number; down: number } {
    const sum = { up: 0, down: 0 }
    for (const { bytes } of this.connections) {
      sum.up += bytes.up
      sum.down += bytes.down
    }
    return sum
  }
}

/** A client's place: its connection, and the next one when that broke. */
class Slot {
  private connection: Connection
  private before = { up: 0, down: 0 }

  constructor(
    private readonly url: string,
    private readonly seat: number,
  ) {
    this.connection = new Connection(url)
  }

  get bytes(): { up: number; down: number } {
    const { up, down } = this.connection.bytes
    return { up: this.before.up + up, down: this.before.down + down }
  }

  async ask(talker: Talker): Promise<string | undefined> {
    if (!this.connection.isOpen) {
      this.before = this.bytes
      this.connection = new Connection(this.url)
    }
    const request = asHttp(talker.next(), this.seat)
    try {
      const answer = await this.connection.ask(request)
      return talker.take(answer) ? undefined : `${answer.status} ${answer.body.slice(0, 200)}`
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  close(): void {
    this.connection.close()
  }
}

async function run(load: Load): Promise<LoadResult> {
  const { talkers, acknowledgedTo } = groupOf(load.group)
  const slots = Array.from(
    { length: load.clients },
    (_, seat) => new Slot(load.urls[seat % load.urls.length] ?? '', seat),
  )
  const tally = new Tally(slots)
  let isOver = false

  const client = async (slot: Slot, seat: number) => {
    for (let at = seat; !isOver; at = at + load.clients < talkers.length ? at + load.clients : seat) {
      const talker = talkers[at]
      if (talker === undefined) throw new Error(`${load.group} has fewer people than clients`)
      const begun = performance.now()
      const wrong = await slot.ask(talker)
      if (wrong === undefined) {
        acknowledgedTo[at] = (acknowledgedTo[at] ?? 0) + 1
        tally.acknowledge(performance.now() - begun)
      } else {
        tally.fail(wrong)
        await sleep(20) // a server that is gone would be asked without end
      }
    }
  }
  const watching = watch(load, tally, () => isOver)
  const clients = Promise.all(slots.map(client))
  const measuring = (async () => {
    await sleep(load.warmUpMs)
    tally.begin()
    tell({ is: 'measuring' })
    await sleep(load.measuredMs)
    tally.end()
    tell({ is: 'measured' })
    isOver = true
  })()
  try {
    await Promise.all([measuring, clients, watching]) // what is under way is answered
  } finally {
    isOver = true
    for (const slot of slots) slot.close()
  }
  return tally.result(acknowledgedTo)
}

/** They begin one after the other, so that they do not all ask at once. */
async function watch({ watchers, urls }: Load, tally: Tally, isOver: () => boolean): Promise<void> {
  if (watchers === undefined) return
  const { talkers } = groupOf(watchers.group)
  await Promise.all(
    talkers.map(async (talker, seat) => {
      const slot = new Slot(urls[seat % urls.length] ?? '', 65_535 - seat)
      await sleep((watchers.everyMs * seat) / talkers.length)
      while (!isOver()) {
        const wrong = await slot.ask(talker)
        if (wrong === undefined) tally.watched += 1
        else if (wrong.startsWith('503'))
          tally.turnedAway += 1 // told to come back: who looks only may wait
        else tally.fail(`watching: ${wrong}`)
        for (let left = watchers.everyMs; left > 0 && !isOver(); left -= 100) await sleep(100)
      }
      slot.close()
    }),
  )
}

process.on('message', async (order: Order) => {
  try {
    if (order.do === 'meet') {
      const talkers = talkersOf(order.talkers)
      const people = order.talkers.speak === 'our-wire' ? order.talkers.people : []
      groups.set(order.group, { people, talkers, acknowledgedTo: talkers.map(() => 0) })
      tell({ is: 'met' })
    } else if (order.do === 'crowd')
      tell({
        is: 'gone',
        result: await gather(order.crowd, groupOf(order.crowd.group), (is) => tell({ is })),
      })
    else tell({ is: 'done', result: await run(order.load) })
  } catch (error) {
    tell({ is: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})
process.on('disconnect', () => process.exit())
