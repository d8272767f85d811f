import { type CalendarEvent, escaped, folded, iCalendar } from '#server/calendar/icalendar'

const event = (change: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: '2026-W46.branch-1@morning-study',
  sequence: 3,
  summary: '周汇朝学',
  place: '三楼会议室',
  description: '',
  startsAt: Date.parse('2026-11-09T08:30:00+08:00'),
  endsAt: Date.parse('2026-11-09T09:30:00+08:00'),
  isCancelled: false,
  ...change,
})
const stamp = Date.parse('2026-11-01T00:00:00Z')
const linesOf = (change: Partial<CalendarEvent> = {}) =>
  iCalendar({ name: '第三党支部', events: [event(change)] }, stamp).split('\r\n')

test('a calendar, as RFC 5545 writes it', () => {
  expect(linesOf({ alarmMinutes: 60 })).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//morning-study//weekly study//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'X-WR-CALNAME:第三党支部',
    'REFRESH-INTERVAL;VALUE=DURATION:PT6H',
    'X-PUBLISHED-TTL:PT6H',
    'BEGIN:VEVENT',
    'UID:2026-W46.branch-1@morning-study',
    'SEQUENCE:3',
    'DTSTAMP:20261101T000000Z',
    'DTSTART:20261109T003000Z',
    'DTEND:20261109T013000Z',
    'SUMMARY:周汇朝学',
    'LOCATION:三楼会议室',
    'STATUS:CONFIRMED',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-PT60M',
    'DESCRIPTION:周汇朝学',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ])
})

test('what is cancelled says so, and does not ring', () => {
  const lines = linesOf({ isCancelled: true, alarmMinutes: 60, place: '' })
  expect(lines).toContain('STATUS:CANCELLED')
  expect(lines.filter((line) => /VALARM|LOCATION/.test(line))).toEqual([])
})

test.each([
  { text: '三楼, 东侧; A\\B', written: '三楼\\, 东侧\\; A\\\\B' },
  { text: '一\n二\r\n三\r四\u2028五', written: '一\\n二\\n三\\n四\\n五' },
  { text: 'x\u0007\ty', written: 'xy' },
  { text: 'END:VEVENT\r\nBEGIN:VEVENT', written: 'END:VEVENT\\nBEGIN:VEVENT' },
])('「$text」 is written as $written', ({ text, written }) => {
  expect(escaped(text)).toBe(written)
})

test('what a branch writes starts no line of its own', () => {
  const place = '会议室\r\nATTENDEE:mailto:somebody@example.org'
  expect(linesOf({ place }).filter((line) => line.startsWith('ATTENDEE'))).toEqual([])
})

describe('folding', () => {
  const lengths = (line: string) =>
    folded(line)
      .split('\r\n')
      .map((part) => Buffer.byteLength(part))
  test.each([
    { line: 'A'.repeat(75), lengths: [75] },
    { line: 'A'.repeat(76), lengths: [75, 2] },
    { line: 'A'.repeat(150), lengths: [75, 75, 2] },
    // Three octets each: what would go over goes on in the next.
    { line: '学'.repeat(26), lengths: [75, 4] },
    { line: `A${'学'.repeat(26)}`, lengths: [73, 7] },
  ])('$line → $lengths', ({ line, lengths: expected }) => {
    expect(lengths(line)).toEqual(expected)
  })

  test('parts no character, and what is put together again is the line', () => {
    const line = `SUMMARY:${'学😀a'.repeat(60)}`
    expect(Math.max(...lengths(line))).toBeLessThanOrEqual(75)
    expect(folded(line).replaceAll('\r\n ', '')).toBe(line)
    expect(folded(line)).not.toContain('\ufffd')
  })
})
