import { ratioText, table } from '../table'

/** A ratio that must be reached, or not exceeded. */
export interface Gate {
  readonly what: string
  /** One of each run; empty when it was not run. */
  readonly ratios: readonly number[]
  readonly mustBe: 'at least' | 'at most'
  readonly gate: number
  readonly aim: number
  /** Why it was not run. */
  readonly notRun?: string | undefined
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Medians over the runs of what was measured side by side in each. */
export function gatesText(gates: readonly Gate[]): string {
  const rows = gates.map(({ what, ratios, mustBe, gate, aim, notRun }) => {
    if (ratios.length === 0 || ratios.some(Number.isNaN)) {
      return [what, '', '', `${mustBe} ${gate}`, String(aim), `not run: ${notRun ?? 'not measured here'}`]
    }
    const found = median(ratios)
    const holds = (limit: number) => keeps(found, mustBe, limit)
    const verdict = holds(aim) ? 'aim reached' : holds(gate) ? 'gate reached' : 'NOT REACHED'
    const range = [Math.min(...ratios), Math.max(...ratios)].map((each) => each.toFixed(2)).join('–')
    return [what, ratioText(found), range, `${mustBe} ${gate}`, String(aim), verdict]
  })
  return table(['', 'median', 'of the runs', 'gate', 'aim', ''], rows)
}

const keeps = (found: number, mustBe: Gate['mustBe'], limit: number) =>
  mustBe === 'at least' ? found >= limit : found <= limit

/** Not when something was not measured. */
export const areReached = (gates: readonly Gate[]): boolean =>
  gates.every(({ ratios, mustBe, gate }) => keeps(median(ratios), mustBe, gate))
