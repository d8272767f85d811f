import { readFileSync } from 'node:fs'

/** How many connections this machine's kernel has dropped because whoever listens had not yet accepted
 *  enough of those before; NaN where there is no /proc to say so. */
export function overflows(): number {
  try {
    const lines = readFileSync('/proc/net/netstat', 'latin1').split('\n')
    const [names = [], counts = []] = lines
      .filter((line) => line.startsWith('TcpExt:'))
      .map((line) => line.split(' '))
    return Number(counts[names.indexOf('ListenOverflows')])
  } catch {
    return Number.NaN
  }
}
