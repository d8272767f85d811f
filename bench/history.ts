/** Whether a check-in costs the same however long the history: on the phone, which is the built
 *  mini-program filled by synchronising, and on the server. */

import { flatLimit, notFlat, ratiosTo } from '#support/flat'
import { checkInCosts } from '#support/history'
import { requireBuiltWeapp } from '#support/weapp/built-weapp'
import { withTestPostgres } from './postgres'
import { serverCosts } from './server-costs'
import { ratioText, table } from './table'

const lengths = [10, 50, 100, 250, 500]
/** From 100 on: a table smaller than that PostgreSQL rather reads whole. */
const serverLengths = [100, 500]

interface Measured {
  readonly weeks: number
  readonly costs: Readonly<Record<string, number>>
}

async function main(): Promise<void> {
  requireBuiltWeapp()
  const taps: Measured[] = []
  const starts: Measured[] = []
  const checkIns: Measured[] = []
  const pulls: Measured[] = []
  await withTestPostgres(async () => {
    for (const weeks of lengths) {
      const { tap, start } = await checkInCosts(weeks)
      taps.push({ weeks, costs: { ...tap } })
      starts.push({ weeks, costs: { ...start } })
    }
    for (const weeks of serverLengths) {
      const { checkIn, pull } = await serverCosts(weeks)
      checkIns.push({ weeks, costs: { ...checkIn } })
      const { rowsWritten, ...asked } = pull
      if (rowsWritten > 0) throw new Error(`a question that finds nothing new wrote ${rowsWritten} rows`)
      pulls.push({ weeks, costs: asked })
    }
  })
  show('On the phone: one check-in, from the tap to 已到会', taps)
  sayWhetherFlat(taps)
  show('On the server: the synchronisation with that check-in', checkIns)
  sayWhetherFlat(checkIns)
  show('On the server: a synchronisation that finds nothing new', pulls)
  sayWhetherFlat(pulls)
  show('On the phone: a cold start without signal', starts)
  console.log('For information: it grows, for the copy is read whole.')
}

/** Each cost with its ratio to the fewest weeks. */
function show(title: string, measured: readonly Measured[]): void {
  const names = Object.keys(measured[0]?.costs ?? {})
  const ratios = ratiosToFirst(measured)
  const rows = measured.map(({ weeks, costs }, at) => [
    String(weeks),
    ...names.map((name) => `${costs[name]} ${ratioText(ratios[at]?.[name] ?? Number.NaN)}`),
  ])
  console.log(`\n${title}\n\n${table(['weeks', ...names], rows)}`)
}

function sayWhetherFlat(measured: readonly Measured[]): void {
  const moved = new Set(ratiosToFirst(measured).flatMap(notFlat))
  const within = `within a factor of ${flatLimit}`
  console.log(moved.size === 0 ? `Flat: all ${within}.` : `NOT FLAT, not ${within}: ${[...moved].join(', ')}`)
}

const ratiosToFirst = ([first, ...rest]: readonly Measured[]) =>
  first === undefined ? [] : [first, ...rest].map(({ costs }) => ratiosTo(first.costs, costs))

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
