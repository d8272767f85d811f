import { wireName } from '#domain/commands'
import { recordForm } from '#protocol/wire'
import type { PackedAnswer, PackedRequest } from '#protocol/wire-schemas'
import type { Answer } from './connection'
import type { PersonOnPhone, Talkers } from './orders'

/** Somebody who asks one thing after the other, and knows whether it was done. */
export interface Talker {
  /** The next request, or the one before once more when that was not acknowledged. */
  next(): Request
  /** Says whether the answer acknowledges it. */
  take(answer: Answer): boolean
}

export interface Request {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  /** Lines, each with its end. */
  readonly headers: string
  /** In ASCII. */
  readonly body: string
}

/** As it goes out. Each asks from an address of their own, as the proxy before a server tells it.
 *  @param seat below 65,536 */
export const asHttp = ({ method, path, headers, body }: Request, seat: number) =>
  `${method} ${path} HTTP/1.1\r\nhost: study\r\nx-forwarded-for: 10.0.${seat >> 8}.${seat & 255}\r\n` +
  `content-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`

export function talkersOf(talkers: Talkers): Talker[] {
  if (talkers.speak === 'our-wire') return talkers.people.map((one) => new Phone(one, talkers.weeks))
  if (talkers.speak === 'parse') return talkers.sessionTokens.map((token) => new ParseUser(token))
  return Array.from({ length: talkers.count }, (_, seat) => new CouchUser(seat))
}

/** A member who checks in to one week after the other, or a keeper who only looks. It carries the
 *  cursors of its scopes on from answer to answer, as the app does, and makes nothing of the rows. */
export class Phone implements Talker {
  private done = 0
  private heardAt = Date.now()
  private readonly headers: string

  /** @param cursors of its own, or of several phones of one person: then what one has fetched is new to none */
  constructor(
    private readonly one: PersonOnPhone,
    private readonly weeks: readonly string[],
    private readonly cursors: Record<string, PackedRequest[6][string]> = { ...one.cursors },
  ) {
    this.headers = `authorization: Bearer ${one.accessToken}\r\n`
  }

  next(): Request {
    const { device, person, branch } = this.one
    const [id, week] = [this.done + 1, this.weeks[this.done]]
    if (week === undefined && this.weeks.length > 0) throw new Error(`${person} has no week left`)
    const command =
      week === undefined
        ? ''
        : `[${id},"${wireName('check-in')}","branch:${branch}",{"week":"${week}"},${Date.now()},${this.heardAt}]`
    const body =
      `[2,"${recordForm}","${device}","${person}",${this.done},[${command}],` +
      `${JSON.stringify(this.cursors)}]`
    return { method: 'POST', path: '/v1/sync', headers: this.headers, body }
  }

  take({ status, body }: Answer): boolean {
    if (status !== 200) return false
    const [now, , outcomes, scopes] = JSON.parse(body) as PackedAnswer // of our own server: a phone would parse it
    this.heardAt = now
    for (const [scope, news] of Object.entries(scopes))
      if (news !== null) this.cursors[scope] = news[0] === 1 ? news[2] : [news[0], news[2]]
    if (this.weeks.length === 0) return true
    const id = this.done + 1
    if (!outcomes.includes(id)) return false
    this.done = id
    return true
  }
}

/** What a line of our register says, for peers that have no rule to make one. */
const line = (week: number, member: string) =>
  `{"week":"1900-W${week}","branchId":"branch-of-many","memberId":"${member}","standing":"on-time","via":"own",` +
  `"source":"on-site","earliest":${Date.now() - 25_000},"claimedAt":${Date.now()},"receivedAt":${Date.now()},` +
  `"isLateSync":false,"isBackfilled":false,"isAmended":false,"version":1}`

/** Signed in; each request has a name of its own, by which the server answers a second one. */
class ParseUser implements Talker {
  private done = 0

  constructor(private readonly sessionToken: string) {}

  next(): Request {
    const headers =
      `x-parse-application-id: bench\r\nx-parse-session-token: ${this.sessionToken}\r\n` +
      `x-parse-request-id: ${this.sessionToken.slice(-8)}-${this.done + 1}\r\n`
    const body = line(this.done + 1, this.sessionToken.slice(-8))
    return { method: 'POST', path: '/parse/classes/CheckIn', headers, body }
  }

  take({ status }: Answer): boolean {
    if (status !== 201) return false
    this.done += 1
    return true
  }
}

/** Nobody signs in; the document's name is what makes a second one harmless. */
class CouchUser implements Talker {
  private done = 0

  constructor(private readonly seat: number) {}

  next(): Request {
    const path = `/checkins/member-${this.seat}-${this.done + 1}`
    return { method: 'PUT', path, headers: '', body: line(this.done + 1, `member-${this.seat}`) }
  }

  take({ status }: Answer): boolean {
    if (status !== 201) return false
    this.done += 1
    return true
  }
}
