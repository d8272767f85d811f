/** What goes over the wire and onto the phone: bytes of a check-in with its headers, of a question that
 *  finds nothing new, of a first synchronisation and of a record on the phone; whether history makes any
 *  of it dearer; and how large the client's core is. */

import { cpus, loadavg } from 'node:os'
import { flatLimit } from '#support/flat'
import { requireBuiltWeapp } from '#support/weapp/built-weapp'
import { withTestPostgres } from './postgres'
import { ratioText, table } from './table'
import { checkInRoundTrips, type RoundTrip } from './wire/check-in-bytes'
import { type CodecCost, type CodecCosts, codecCosts } from './wire/codec-costs'
import { type CoreSize, coreSize } from './wire/core-size'
import { firstSync } from './wire/first-sync'
import { localWrites } from './wire/local-write'
import { piecesOf } from './wire/pieces'
import { pullTimes } from './wire/pull-times'

/** Bytes, and milliseconds. */
const limits = {
  checkIn: { limit: 600, aim: 500 },
  emptyPull: { limit: 200, aim: 60 },
  /** For 10,000 records. */
  firstSync: { limit: 200_000, aim: 100_000 },
  firstSyncMs: { limit: 2_000 },
  localWrite: { limit: 2_048 },
  core: { limit: 12 * 1024, aim: 8 * 1024 },
}
const registers = { few: 100, many: 1_000_000 }
const copies = { few: 100, many: 10_000 }

async function main(): Promise<void> {
  requireBuiltWeapp()
  await withTestPostgres(async () => {
    const { checkIn, emptyPull } = await checkInRoundTrips()
    const first = await firstSync()
    const writes = await localWrites(copies)
    const pulls = await pullTimes(registers)
    const size = await coreSize()

    const perRecords = 10_000 / first.records
    showLimits([
      ['a check-in both ways, with headers', bytesOf(checkIn), limits.checkIn],
      ['nothing new: body of the question', bodyBytes(emptyPull.request), limits.emptyPull],
      ['nothing new: body of the answer', emptyPull.answer.bodyBytes, limits.emptyPull],
      ['first synchronisation, gzip, bytes', first.bytesDown * perRecords, limits.firstSync],
      ['first synchronisation, ms', first.ms * perRecords, limits.firstSyncMs],
      ['a record on the phone, bytes', writes.many.bytes, limits.localWrite],
      ['the client core, gzip', size.gzipBytes, limits.core],
    ])
    console.log(
      `First synchronisation: ${first.records} records in ${first.requests} answers, counted for 10,000;`,
    )
    console.log(`packed ${ratioText(first.bytesDown / first.unpackedDown)} of what they are.`)
    showFlat([
      [`nothing new, ${registers.few} → ${registers.many} in the scope, ms`, pulls.empty],
      [`one record new, ${registers.few} → ${registers.many} in the scope, ms`, pulls.oneRow],
      [`recorded on the phone, ${copies.few} → ${copies.many} in the copy, ms`, msOf(writes)],
      ['… writes', { few: writes.few.calls, many: writes.many.calls }],
      ['… bytes', { few: writes.few.bytes, many: writes.many.bytes }],
    ])
    showPieces('What a check-in is made of', checkIn)
    showPieces('What finding nothing new is made of', emptyPull)
    showCodec(codecCosts(first.answers))
    showCore(size)
    console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors.`)
  })
}

type Compared = Readonly<Record<'few' | 'many', number>>

const bodyBytes = (message: string) => Buffer.byteLength(message.slice(message.indexOf('\r\n\r\n') + 4))
const bytesOf = ({ request, answer }: RoundTrip) => Buffer.byteLength(request) + answer.bytes
const msOf = ({ few, many }: { few: { ms: number }; many: { ms: number } }) => ({
  few: few.ms,
  many: many.ms,
})

function showLimits(rows: readonly [string, number, { limit: number; aim?: number }][]): void {
  const lines = rows.map(([what, measured, { limit, aim }]) => [
    what,
    measured.toFixed(0),
    String(limit),
    ratioText(measured / limit),
    ...(aim === undefined ? ['', ''] : [String(aim), ratioText(measured / aim)]),
    measured <= limit ? '' : 'OVER',
  ])
  console.log(`\n${table(['', 'measured', 'limit', '/ limit', 'aim', '/ aim', ''], lines)}`)
}

function showFlat(rows: readonly [string, Compared][]): void {
  const lines = rows.map(([what, { few, many }]) => [
    what,
    few.toPrecision(3),
    many.toPrecision(3),
    ratioText(many / few),
    many / few <= flatLimit ? '' : `NOT FLAT (${flatLimit})`,
  ])
  console.log(`\n${table(['', 'few', 'many', 'many / few', ''], lines)}`)
}

function showPieces(title: string, { request, answer }: RoundTrip): void {
  for (const [way, message, names] of [
    ['up', request, ['version', 'form', 'device', 'actor', 'acked', 'commands', 'cursors']],
    ['down', answer.head + answer.body, ['now', 'last', 'outcomes', 'scopes']],
  ] as const) {
    const pieces = piecesOf(message, names)
    const lines = pieces.map(({ piece, bytes }) => [piece, String(bytes)])
    lines.push(['together', String(pieces.reduce((sum, { bytes }) => sum + bytes, 0))])
    console.log(`\n${table([`${title}: ${way}`, 'bytes'], lines)}`)
  }
}

function showCodec({ server, phone }: CodecCosts): void {
  const line = (what: string, { packed, named }: CodecCost) => [
    what,
    packed.toFixed(2),
    named.toFixed(2),
    ratioText(packed / named),
  ]
  const lines = [line('the server writes', server), line('a phone reads', phone)]
  console.log(`\n${table(['µs for a record, its JSON included', 'by position', 'by name', '/'], lines)}`)
}

function showCore({ minifiedBytes, withRulesGzipBytes, parts }: CoreSize): void {
  const lines = parts.map((part) => [part.file, String(part.minifiedBytes)])
  console.log(`\n${table(['The client core, minified', 'bytes'], lines)}`)
  console.log(`Together ${minifiedBytes}; with the rules ${withRulesGzipBytes} gzip.`)
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
