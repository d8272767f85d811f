import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { cpuMsOf } from './cpu'
import type { Crowd, CrowdResult, Load, LoadResult, News, Order, Talkers } from './orders'

/** What was under way meanwhile, and the CPU it took: milliseconds in the measured time. */
export interface Measured extends LoadResult {
  readonly perSecond: number
  /** In the order of the processes named. */
  readonly cpuMsOf: readonly number[]
}

/** A crowd, and the CPU it took while it was still coming. */
export interface Gathered extends CrowdResult {
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
    const cpu = new CpuMeanwhile(processes)
    const done = await this.order({ do: 'load', load }, 'done', (is) => cpu.hears(is))
    if (done.is !== 'done') throw new Error('the generator answered something else')
    const { result } = done
    return { ...result, perSecond: (result.acknowledged * 1_000) / result.measuredMs, cpuMsOf: cpu.used }
  }

  /** Resolves when the last of them is through, or none has patience left.
   *  @param processes whose CPU is counted, with their children's */
  async crowd(crowd: Crowd, processes: readonly number[] = []): Promise<Gathered> {
    const cpu = new CpuMeanwhile(processes)
    const gone = await this.order({ do: 'crowd', crowd }, 'gone', (is) => cpu.hears(is))
    if (gone.is !== 'gone') throw new Error('the generator answered something else')
    return { ...gone.result, cpuMsOf: cpu.used }
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

/** What processes have used from `measuring` to `measured`. */
class CpuMeanwhile {
  private before: readonly number[] = []
  used: readonly number[] = []

  constructor(private readonly processes: readonly number[]) {}

  hears(is: News['is']): void {
    if (is !== 'measuring' && is !== 'measured') return
    const now = this.processes.map(cpuMsOf)
    if (is === 'measuring') this.before = now
    else this.used = now.map((ms, at) => ms - (this.before[at] ?? Number.NaN))
  }
}
