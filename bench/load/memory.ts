import { readFileSync } from 'node:fs'

const everyMs = 250

/** Watches how much of a process is in memory. */
export class PeakMemory {
  private readonly begun = performance.now()
  private readonly timer = setInterval(() => this.look(), everyMs)
  private readonly minutes: number[] = []

  constructor(private readonly pid: number) {
    this.look()
  }

  /** The most it was in each minute, in MB; NaN where there is no /proc to say so. */
  stop(): readonly number[] {
    clearInterval(this.timer)
    this.look()
    return this.minutes
  }

  private look(): void {
    const at = Math.floor((performance.now() - this.begun) / 60_000)
    this.minutes[at] = Math.max(this.minutes[at] ?? 0, residentMb(this.pid))
  }
}

function residentMb(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return Number(kb) / 1_024
  } catch {
    return Number.NaN // it has ended
  }
}
