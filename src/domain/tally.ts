// 到会率、参学率、无故缺席率：始终带分子分母，合计用总和之比
import * as v from 'valibot'

/** 到会 / 迟到 / 请假 / 缺席 / 未登记 / 待定 */
export const standingSchema = v.picklist(['on-time', 'late', 'excused', 'absent', 'unrecorded', 'held'])
export type Standing = v.InferOutput<typeof standingSchema>
export const standings = standingSchema.options

/** 补学, accepted by the secretary: done by its day, or later. */
export const madeUpSchema = v.picklist(['in-time', 'late'])
export type MadeUp = v.InferOutput<typeof madeUpSchema>

/** An absence or a leave opens a make-up study. */
export const opensMakeUp = (standing: Standing): boolean => standing === 'absent' || standing === 'excused'

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

/** What a line says of somebody, as far as it is counted. */
export interface Counted {
  readonly standing: Standing
  readonly madeUp?: MadeUp | undefined
}

/** Who came after all, by a later change of the register, is not counted a second time. */
const isMadeUp = ({ standing, madeUp }: Counted) => madeUp === 'in-time' && opensMakeUp(standing)

export function tallyOf(each: Iterable<Counted>): Tally {
  const tally = { ...emptyTally }
  for (const counted of each) {
    tally[counted.standing] += 1
    tally.expected += 1
    if (isMadeUp(counted)) tally.madeUp += 1
  }
  return tally
}

/** The tally after one of the expected changed. */
export const shifted = (tally: Tally, from: Counted, to: Counted): Tally => {
  const next = { ...tally }
  next[from.standing] -= 1
  next[to.standing] += 1
  next.madeUp += Number(isMadeUp(to)) - Number(isMadeUp(from))
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
