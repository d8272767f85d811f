import type { FastifyReply, FastifyRequest } from 'fastify'

const json = 'application/json'

/** The headers of an answer to the app: no more than it needs, for they would be two thirds of what a
 *  check-in costs. Called when the answer is whole, with its type.
 *
 *  - What guards a page (`helmet`) means nothing on data. `nosniff` stays where a browser might be led to by
 *    a link or a `<script>`. Behind an `Authorization` header it cannot be: a page of somebody else's may not
 *    send one here, for it would have to be allowed to first, and nobody is.
 *  - JSON is UTF-8 (RFC 8259), so its type names no charset.
 *  - A connection of HTTP/1.1 stays open unless one says otherwise, so only the end of it is said.
 *  - `date` is for caches (RFC 9110, 6.6.1), and nothing here may be kept by one; a proxy before us adds its
 *    own. Phones set their clock by `now`. */
export function sayLittle(request: FastifyRequest, reply: FastifyReply): void {
  const isJson = reply.getHeader('content-type')?.toString().startsWith(json) === true
  if (isJson) reply.header('content-type', json)
  if (!isJson || request.headers.authorization === undefined)
    reply.header('x-content-type-options', 'nosniff')
  reply.raw.sendDate = false
  const isKept = request.raw.httpVersion === '1.1' && reply.raw.shouldKeepAlive
  if (isKept && !reply.raw.hasHeader('connection')) reply.raw.removeHeader('connection')
}
