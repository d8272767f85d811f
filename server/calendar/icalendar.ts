/** iCalendar (RFC 5545), as far as a calendar to subscribe to needs it. */
export interface CalendarEvent {
  /** The same for the same event, for ever and for everybody. */
  readonly uid: string
  /** Grows with every change. */
  readonly sequence: number
  readonly summary: string
  readonly place: string
  readonly description: string
  readonly startsAt: number
  readonly endsAt: number
  readonly isCancelled: boolean
  /** Minutes before it at which the phone speaks up. */
  readonly alarmMinutes?: number
}

export interface CalendarFeed {
  readonly name: string
  readonly events: readonly CalendarEvent[]
}

/** @param stampedAt when it was made, which every event has to say */
export function iCalendar({ name, events }: CalendarFeed, stampedAt: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//morning-study//weekly study//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT6H',
    'X-PUBLISHED-TTL:PT6H',
    ...events.flatMap((event) => linesOf(event, stampedAt)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function linesOf(event: CalendarEvent, stampedAt: number): string[] {
  const { alarmMinutes, place, description, isCancelled } = event
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(event.uid)}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utc(stampedAt)}`,
    `DTSTART:${utc(event.startsAt)}`,
    `DTEND:${utc(event.endsAt)}`,
    `SUMMARY:${escaped(event.summary)}`,
    ...(place === '' ? [] : [`LOCATION:${escaped(place)}`]),
    ...(description === '' ? [] : [`DESCRIPTION:${escaped(description)}`]),
    `STATUS:${isCancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    ...(alarmMinutes === undefined || isCancelled
      ? []
      : [
          'BEGIN:VALARM',
          'ACTION:DISPLAY',
          `TRIGGER:-PT${alarmMinutes}M`,
          `DESCRIPTION:${escaped(event.summary)}`,
          'END:VALARM',
        ]),
    'END:VEVENT',
  ]
}

/** 「20261109T003000Z」 */
const utc = (instant: number) => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '')

/** Text (3.3.11): what parts values is marked, and a line break is written out. Nothing else that steers. */
export const escaped = (text: string): string =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|[\r\n\u2028\u2029]/g, '\\n')
    .replace(/[\p{Cc}]/gu, '')

const mostOctets = 75

/** Lines of at most 75 octets (3.1), the space of those that go on included. No character is parted. */
export function folded(line: string): string {
  const parts: string[] = ['']
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > mostOctets) {
      parts.push('')
      octets = 1
    }
    parts[parts.length - 1] += character
    octets += size
  }
  return parts.join('\r\n ')
}
