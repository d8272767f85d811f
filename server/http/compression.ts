import { constants, gzipSync } from 'node:zlib'
import { negotiate } from '@fastify/accept-negotiator'
import type { FastifyInstance } from 'fastify'

/** In characters. A check-in's answer is smaller, and pays nothing here but this comparison. */
const worthwhile = 1_024

/** Packs the larger answers of the routes registered in the same plugin, for whoever takes gzip.
 *
 *  For answers that are text of a bounded size: one is packed at once, for handing a page of records to
 *  a stream or to another thread costs more than packing it. gzip alone, because WeChat's phones and
 *  every browser take it; level 6 costs a page twice the time of level 1, which is still less than
 *  writing its JSON, and saves an eighth of it.
 *
 *  Not for answers that hold a secret, such as tokens or an invitation: the length of what is packed
 *  tells how much of it repeats, so whoever has their own words put beside a secret and sees the lengths
 *  could guess it (BREACH). */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length < worthwhile) return done()
    reply.header('vary', 'accept-encoding')
    if (negotiate(request.headers['accept-encoding'] ?? '', ['gzip']) === null) return done()
    reply.header('content-encoding', 'gzip')
    return done(null, gzipSync(payload, { level: constants.Z_DEFAULT_COMPRESSION }))
  })
}
