import type { IncomingHttpHeaders } from 'node:http'
import * as v from 'valibot'
import { openidSchema } from './openid'

/** WeChat's cloud sets `X-WX-SOURCE` on what came through WeChat (`wx_client`, `wx_devtools`, or a chain
 *  of them with commas) and leaves it out of what came from elsewhere. */
const headersSchema = v.object({
  'x-wx-source': v.pipe(v.string(), v.trim(), v.nonEmpty()),
  'x-wx-openid': openidSchema,
})

/** Who asks, by the headers of 微信云托管. To be asked there only, and with access from the public
 *  network switched off: anywhere else everybody can write these headers. */
export function openidFromCloud(headers: IncomingHttpHeaders): string | undefined {
  const parsed = v.safeParse(headersSchema, headers)
  return parsed.success ? parsed.output['x-wx-openid'] : undefined
}
