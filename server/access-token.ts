import { createHmac, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'

/** Whom an access token names: a person, one of their sessions, and which of its tokens it is. */
export interface Claims {
  readonly personId: PersonId
  readonly sessionId: string
  readonly generation: number
}

/** Words with dots between them, which none of them holds: person, session, generation, end (seconds UTC,
 *  base 36) and the first 128 bits of HMAC-SHA256 over all before, as base64url. A JWT would say the same
 *  in more than three times the bytes, with every request. */
export class AccessTokens {
  constructor(private readonly key: string) {}

  /** Good until an instant (ms UTC), less what is not a whole second. */
  write({ personId, sessionId, generation }: Claims, endsAt: number): string {
    const words = `${personId}.${sessionId}.${generation}.${Math.floor(endsAt / 1000).toString(36)}`
    return `${words}.${this.mac(words)}`
  }

  /** Undefined when it is not one of ours, or its end has come. */
  read(token: string, now: number): Claims | undefined {
    const [, words = '', person, sessionId = '', generation, end = '', mac = ''] =
      /^(([a-z0-9-]{1,40})\.([\w-]{8,40})\.(\d{1,9})\.([0-9a-z]{1,9}))\.([\w-]{22})$/.exec(token) ?? []
    // As text: two texts can stand for the same bytes.
    if (mac === '' || !timingSafeEqual(Buffer.from(mac), Buffer.from(this.mac(words)))) return undefined
    if (Number.parseInt(end, 36) * 1000 <= now) return undefined
    return { personId: v.parse(personIdSchema, person), sessionId, generation: Number(generation) }
  }

  private mac(words: string): string {
    return createHmac('sha256', this.key).update(words).digest().subarray(0, 16).toString('base64url')
  }
}
