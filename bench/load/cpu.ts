import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** The kernel counts a process's time in hundredths of a second, whatever its own clock. */
const msPerTick = 10

interface Times {
  readonly parent: number
  /** Its own, with that of children which have ended. */
  readonly ms: number
}

/** Milliseconds of CPU that a process and its children have used until now; NaN where there is no
 *  /proc to say so. */
export function cpuMsOf(pid: number): number {
  const all = [...family(pid).values()]
  return all.length === 0 ? Number.NaN : all.reduce((sum, { ms }) => sum + ms, 0)
}

/** A process and its children, as they are now. */
export const familyOf = (pid: number): number[] => [...family(pid).keys()]

function family(pid: number): Map<number, Times> {
  const all = new Map<number, Times>()
  for (const each of processes()) {
    const times = timesOf(each)
    if (times !== undefined && (each === pid || times.parent === pid)) all.set(each, times)
  }
  return all
}

/** Resolves when a process does as good as nothing for a second; at once where nobody can say. */
export async function rest(pid: number): Promise<void> {
  let before: number
  do {
    before = cpuMsOf(pid)
    await sleep(1_000)
  } while (cpuMsOf(pid) - before > 50)
}

function processes(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    return []
  }
}

function timesOf(pid: number): Times | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15)
    const ticks = user + system + childrenUser + childrenSystem
    return { parent: fields[1] ?? 0, ms: ticks * msPerTick }
  } catch {
    return undefined // it has just ended
  }
}
