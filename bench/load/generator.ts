import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { cpuMsOf } from './cpu'
import type { Load, LoadResult, News, Order, Talkers } from './orders'

/** What was under way meanwhile, and the CPU it took: milliseconds in the measured time. */
export interface Measured extends LoadResult {
  readonly perSecond: number
  /** In the order of the processes named. */
  readonly cpuMsOf: readonly number[]
}

/** The process that asks, see `worker.ts`. */
export class Generator {
  private constructor(private readonly child: ChildProcess) {}

  static start(): Generator {
    return new Generator(fork(path.join(__dirname, 'worker.js')))
  }

  async meet(group: string, talkers: Talkers): Promise<void> {
    await this.order({ do: 'meet', group, talkers }, 'met')
  }

  /** @param processes whose CPU is counted, with their children's */
  async load(load: Load, processes: readonly number[] = []): Promise<Measured> {
    let before: readonly number[] = []
    let used: readonly number[] = []
    const done = await this.order({ do: 'load', load }, 'done', (is) => {
      const now = processes.map(cpuMsOf)
      if (is === 'measuring') before = now
      if (is === 'measured') used = now.map((ms, at) => ms - (before[at] ?? Number.NaN))
    })
    if (done.is !== 'done') throw new Error('the generator answered something else')
    const { result } = done
    return { ...result, perSecond: (result.acknowledged * 1_000) / result.measuredMs, cpuMsOf: used }
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.disconnect()
    await ended
  }

  private order(order: Order, last: News['is'], hears?: (is: News['is']) => void): Promise<News> {
    return new Promise((resolve, reject) => {
      const settle = (work: () => void) => {
        this.child.off('message', onNews)
        this.child.off('exit', onExit)
        work()
      }
      const onExit = () => settle(() => reject(new Error('the load generator ended')))
      const onNews = (news: News) => {
        hears?.(news.is)
        if (news.is === 'broken') settle(() => reject(new Error(news.why)))
        else if (news.is === last) settle(() => resolve(news))
      }
      this.child.on('message', onNews)
      this.child.once('exit', onExit)
      this.child.send(order)
    })
  }
}
