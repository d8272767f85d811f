// 到会率、参学率、无故缺席率：始终带分子分母，合计用总和之比
import * as v from 'valibot'

/** 到会 / 迟到 / 请假 / 缺席 / 未登记 / 待定 */
export const standingSchema = v.picklist(['on-time', 'late', 'excused', 'absent', 'unrecorded', 'held'])
export type Standing = v.InferOutput<typeof standingSchema>
export const standings = standingSchema.options

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** How many of the expected stand where. The six always sum to `expected`. */
export const tallySchema = v.object({
  expected: count,
  'on-time': count,
  late: count,
  excused: count,
  absent: count,
  unrecorded: count,
  held: count,
  /** Made up in time (补学); a make-up never changes a standing. */
  madeUp: count,
})
export type Tally = v.InferOutput<typeof tallySchema>

export const emptyTally: Tally = {
  expected: 0,
  'on-time': 0,
  late: 0,
  excused: 0,
  absent: 0,
  unrecorded: 0,
  held: 0,
  madeUp: 0,
}

export function tallyOf(each: Iterable<Standing>): Tally {
  const tally = { ...emptyTally }
  for (const standing of each) {
    tally[standing] += 1
    tally.expected += 1
  }
  return tally
}

/** The tally after one of the expected moved from a standing to another. */
export const shifted = (tally: Tally, from: Standing, to: Standing): Tally => {
  const next = { ...tally }
  next[from] -= 1
  next[to] += 1
  return next
}

/** Σ over branches or weeks: never a mean of means. */
export function sumOf(tallies: Iterable<Tally>): Tally {
  const sum = { ...emptyTally }
  for (const tally of tallies) {
    for (const field of Object.keys(sum) as (keyof Tally)[]) sum[field] += tally[field] // the keys of a Tally
  }
  return sum
}

export interface Rate {
  readonly numerator: number
  readonly denominator: number
}

/** 到会率 · 参学率 · 无故缺席率. Excused stays in the denominator. */
export const ratesOf = (tally: Tally) => ({
  attendanceRate: { numerator: tally['on-time'] + tally.late, denominator: tally.expected },
  participationRate: { numerator: tally['on-time'] + tally.late + tally.madeUp, denominator: tally.expected },
  unexplainedAbsenceRate: { numerator: tally.absent, denominator: tally.expected },
})

/** 「33/42」, or 「—」 when nobody was expected. */
export const rateText = ({ numerator, denominator }: Rate): string =>
  denominator === 0 ? '—' : `${numerator}/${denominator}`
