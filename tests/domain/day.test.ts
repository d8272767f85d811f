import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { buildSync } from 'esbuild'
import fc from 'fast-check'
import * as v from 'valibot'
import {
  addDays,
  clockOf,
  dayOf,
  daySchema,
  daysBetween,
  formatDay,
  instantOf,
  isoWeekday,
  mondayOf,
  weekdayName,
  weekNumber,
  weekOf,
  weekSchema,
  weeksFrom,
} from '#domain/day'

const anyDay = fc.integer({ min: 0, max: 60_000 }).map((count) => addDays('1970-01-01', count))

describe('a day', () => {
  test.each(['2025-03-10', '2024-02-29', '2000-02-29', '2021-12-31'])('%s exists', (day) => {
    expect(v.parse(daySchema, day)).toBe(day)
  })

  test.each([
    '2025-02-30',
    '2025-02-29',
    '2100-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-3-10',
    '2025-03-10 ',
    '2025-03-10T00:00:00Z',
    '20250310',
    'Invalid Date',
    '',
    20250310,
    undefined,
  ])('%p does not', (day) => {
    expect(v.is(daySchema, day)).toBe(false)
  })

  test('a day that does not exist is explained once', () => {
    for (const day of ['2025-02-30', 'yesterday']) {
      const messages = v.safeParse(daySchema, day).issues?.map((issue) => issue.message)
      expect(messages).toEqual(['没有这一天，请按「2025-03-10」的格式填写日期'])
    }
  })
})

describe('a week', () => {
  test.each(['2020-W53', '2025-W01', '2025-W52', '2026-W53'])('%s exists', (week) => {
    expect(v.parse(weekSchema, week)).toBe(week)
  })

  test.each(['2025-W53', '2025-W00', '2025-W54', '2025-W1', '2025-11', '2025W11', ''])(
    '%p does not',
    (week) => {
      expect(v.is(weekSchema, week)).toBe(false)
    },
  )

  test.each([
    { day: '2020-12-31', week: '2020-W53', monday: '2020-12-28' },
    { day: '2021-01-03', week: '2020-W53', monday: '2020-12-28' },
    { day: '2021-01-04', week: '2021-W01', monday: '2021-01-04' },
    { day: '2022-01-01', week: '2021-W52', monday: '2021-12-27' },
    { day: '2024-12-30', week: '2025-W01', monday: '2024-12-30' },
    { day: '2025-03-10', week: '2025-W11', monday: '2025-03-10' },
    { day: '2027-01-03', week: '2026-W53', monday: '2026-12-28' },
  ])('$day is in $week, which begins on $monday', ({ day, week, monday }) => {
    expect(weekOf(day)).toBe(week)
    expect(mondayOf(week)).toBe(monday)
  })

  test('weeks follow each other over the end of a year', () => {
    expect(weeksFrom('2026-W52', 3)).toEqual(['2026-W52', '2026-W53', '2027-W01'])
    expect(weeksFrom('2026-W52', 0)).toEqual([])
    expect(weekNumber('2027-W01')).toBe(1)
  })

  test('every day is in one week, on its weekday', () =>
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(v.is(weekSchema, weekOf(day))).toBe(true)
        expect(addDays(mondayOf(weekOf(day)), isoWeekday(day) - 1)).toBe(day)
      }),
    ))
})

describe('an instant', () => {
  test.each([
    { utc: '2021-04-04T15:59:59.999Z', day: '2021-04-04', clock: '23:59' },
    { utc: '2021-04-04T16:00:00.000Z', day: '2021-04-05', clock: '00:00' },
    { utc: '2021-04-05T00:00:00.000Z', day: '2021-04-05', clock: '08:00' },
    { utc: '2021-04-05T00:26:59.999Z', day: '2021-04-05', clock: '08:26' },
    { utc: '2021-12-31T15:59:59.999Z', day: '2021-12-31', clock: '23:59' },
    { utc: '2021-12-31T16:00:00.000Z', day: '2022-01-01', clock: '00:00' },
  ])('$utc is $day $clock', ({ utc, day, clock }) => {
    const instant = Date.parse(utc)
    expect(dayOf(instant)).toBe(day)
    expect(clockOf(instant)).toBe(clock)
    expect(instantOf(day, clock)).toBe(instant - (instant % 60_000))
  })

  test('24:00 is the midnight that ends the day', () => {
    expect(instantOf('2021-04-05', '24:00')).toBe(instantOf('2021-04-06', '00:00'))
  })

  test.each(['24:01', '25:00', '8:15', '08:60', '08:15:00', 'morning', ''])('%p is no clock', (clock) => {
    expect(() => instantOf('2021-04-05', clock)).toThrow(RangeError)
  })

  test('a day and a clock lead to an instant and back', () =>
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 24 * 60 - 1 }), (day, minute) => {
        const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
        const instant = instantOf(day, clock)
        expect([dayOf(instant), clockOf(instant)]).toEqual([day, clock])
      }),
    ))
})

describe('counting', () => {
  test.each([
    { from: '2024-02-28', count: 2, to: '2024-03-01' },
    { from: '2025-02-28', count: 1, to: '2025-03-01' },
    { from: '2025-01-01', count: -1, to: '2024-12-31' },
    { from: '2025-01-01', count: 365, to: '2026-01-01' },
    { from: '2025-01-01', count: 0, to: '2025-01-01' },
  ])('$from and $count days is $to', ({ from, count, to }) => {
    expect(addDays(from, count)).toBe(to)
    expect(daysBetween(from, to)).toBe(count)
  })

  test.each([
    { day: '2021-04-06', weekday: 2, name: '周二', text: '4月6日 周二' },
    { day: '2022-10-08', weekday: 6, name: '周六', text: '10月8日 周六' },
    { day: '2024-02-18', weekday: 7, name: '周日', text: '2月18日 周日' },
    { day: '2025-03-10', weekday: 1, name: '周一', text: '3月10日 周一' },
  ])('$day reads $text', ({ day, weekday, name, text }) => {
    expect(isoWeekday(day)).toBe(weekday)
    expect(weekdayName(day)).toBe(name)
    expect(formatDay(day)).toBe(text)
  })
})

describe('wherever the machine stands', () => {
  const program = buildSync({
    stdin: {
      contents: `
        import { addDays, clockOf, dayOf, formatDay, instantOf, mondayOf, weekOf } from '#domain/day'
        const lines = []
        for (let day = '2020-12-28'; day < '2028-01-01'; day = addDays(day, 1)) {
          const midnight = instantOf(day, '00:00')
          const around = [midnight - 1, midnight, midnight + 8 * 3600000 - 1, midnight + 8 * 3600000]
          const read = around.map((instant) => dayOf(instant) + ' ' + clockOf(instant))
          lines.push([day, midnight, ...read, weekOf(day), mondayOf(weekOf(day)), formatDay(day)].join())
        }
        const offsets = [0, 6].map((month) => new Date(2024, month, 1).getTimezoneOffset())
        process.stdout.write(JSON.stringify({ offsets, lines }))`,
      resolveDir: resolve(__dirname, '../..'),
    },
    bundle: true,
    platform: 'node',
    write: false,
  }).outputFiles[0]?.text

  /** What a machine in that zone says of every day of seven years, and of the instants around each
   *  midnight. A process of its own: jest gives its tests a copy of `process.env`, and Node never
   *  notices a zone written there. */
  function answersIn(zone: string): { offsets: number[]; lines: string[] } {
    const answer = execFileSync(process.execPath, ['-'], {
      input: program,
      env: { ...process.env, TZ: zone },
      maxBuffer: 16 * 1024 * 1024,
    })
    return JSON.parse(answer.toString())
  }

  const atHome = answersIn('Asia/Shanghai')

  test('at home the days are the ones of the calendar', () => {
    expect(atHome.offsets).toEqual([-480, -480])
    expect(atHome.lines[0]).toBe(
      [
        '2020-12-28',
        Date.UTC(2020, 11, 27, 16),
        '2020-12-27 23:59',
        '2020-12-28 00:00',
        '2020-12-28 07:59',
        '2020-12-28 08:00',
        '2020-W53',
        '2020-12-28',
        '12月28日 周一',
      ].join(),
    )
    expect(atHome.lines).toHaveLength(daysBetween('2020-12-28', '2028-01-01'))
  })

  test.each([
    { zone: 'UTC', offsets: [0, 0] },
    { zone: 'America/Los_Angeles', offsets: [480, 420] },
    { zone: 'Europe/London', offsets: [0, -60] },
    { zone: 'Australia/Lord_Howe', offsets: [-660, -630] },
    { zone: 'Pacific/Kiritimati', offsets: [-840, -840] },
    { zone: 'Asia/Kolkata', offsets: [-330, -330] },
  ])('and the same in $zone', ({ zone, offsets }) => {
    const away = answersIn(zone)
    expect(away.offsets).toEqual(offsets)
    expect(away.lines).toEqual(atHome.lines)
  })
})
