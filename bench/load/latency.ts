import type { Latency } from './orders'

export function latencyOf(ms: readonly number[]): Latency {
  const sorted = Float64Array.from(ms).sort()
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
