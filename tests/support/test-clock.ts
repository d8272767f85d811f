import { instantOf } from '#domain/day'

const begins = instantOf('2026-11-09', '09:40')

/** How far the clocks of the servers and phones under test are ahead of this machine's: they show a
 *  Monday morning of an ordinary week, on whatever day and at whatever hour the tests run. */
export const testAheadMs = begins - Date.now()

/** What those clocks show. */
export const testNow = (): number => Date.now() + testAheadMs
