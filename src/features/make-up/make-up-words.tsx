import { addDays, dayOf, formatDay } from '#domain/day'
import type { Missed } from '#domain/missed'

/** Until when a make-up counts as in time; afterwards it is still welcome. */
export const endWords = ({ endsAt }: Missed, now: number): string => {
  const lastDay = formatDay(addDays(dayOf(endsAt), -1))
  return now < endsAt ? `${lastDay}（含）以前补学的计入参学率` : `${lastDay}已到期，仍可补学`
}
