import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import { type Session, sessionSchema } from '#protocol/sessions'
import type { KeyValueStore } from '#sync/key-value-store'
import { SignedOut, Unreachable } from '#sync/server-link'
import type { Http, HttpAnswer } from './http'

const keyOf = (personId: PersonId) => `session/${personId}`
const currentKey = 'session'
/** An access token is renewed a little before it ends, by this phone's clock. */
const earlyMs = 60_000

/** Who is signed in on this phone. A refresh token is good once, so of many who need a new access
 *  token at the same moment one asks, and the others wait for it. */
export class SessionKeeper {
  private session: Session | undefined
  /** When the access token ends by this phone's clock. */
  private endsAt = 0
  private renewing: Promise<string> | undefined

  constructor(
    private readonly store: KeyValueStore,
    private readonly http: Http,
    private readonly now: () => number,
  ) {}

  /** Whoever was signed in last, or the one asked for; undefined when there is nobody. */
  async resume(wanted?: PersonId): Promise<Session | undefined> {
    const current = v.safeParse(personIdSchema, wanted ?? (await this.store.get(currentKey)))
    if (!current.success) return undefined
    const kept = await this.store.get(keyOf(current.output))
    const session = v.safeParse(v.pipe(v.string(), v.parseJson(), sessionSchema), kept)
    if (!session.success) return undefined // half written, or of another form: they sign in again
    this.use(session.output)
    this.endsAt = 0 // its access token may be old: the first use renews it
    return session.output
  }

  /** A session the server just began: from now on this person is signed in here.
   *  @throws {Unreachable} when it is none */
  async begin(body: unknown): Promise<Session> {
    const session = await this.kept(body)
    this.use(session)
    await this.store.set(currentKey, session.personId)
    return session
  }

  /** Sends with an access token, and once more with a new one when the server turned the first away.
   *  @throws {SignedOut} {@link Unreachable} */
  async authorised(send: (accessToken: string) => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const answer = await send(await this.accessToken())
    return answer.is === 'problem' && answer.status === 401 ? send(await this.renew()) : answer
  }

  /** @throws {SignedOut} {@link Unreachable} */
  async accessToken(): Promise<string> {
    if (this.session === undefined) throw new SignedOut('nobody is signed in')
    if (this.now() < this.endsAt - earlyMs) return this.session.accessToken
    return this.renew()
  }

  /** After the server turned an access token away. */
  async renew(): Promise<string> {
    if (this.renewing === undefined) {
      const renewing = this.trade().finally(() => {
        if (this.renewing === renewing) this.renewing = undefined
      })
      this.renewing = renewing
    }
    return this.renewing
  }

  /** The server may hear of it or not: this phone is signed out. */
  async signOut(): Promise<void> {
    const session = this.session
    this.use(undefined)
    if (session === undefined) return
    await this.store.delete(keyOf(session.personId))
    await this.store.delete(currentKey)
    await this.http({ method: 'POST', path: '/v1/sessions/end', accessToken: session.accessToken }).catch(
      (error: unknown) => {
        if (!(error instanceof Unreachable)) throw error
      },
    )
  }

  private async trade(): Promise<string> {
    const before = this.session
    if (before === undefined) throw new SignedOut('nobody is signed in')
    const { refreshToken } = before
    const answer = await this.http({ method: 'POST', path: '/v1/sessions/refresh', body: { refreshToken } })
    if (answer.is === 'problem') {
      if (answer.status === 401) throw new SignedOut('the session has ended')
      throw new Unreachable(answer.problem.code)
    }
    this.mustStillBe(before)
    const session = await this.kept(answer.body)
    this.mustStillBe(before)
    this.use(session)
    return session.accessToken
  }

  /** They may have signed out, or somebody else in, while an answer was on its way. */
  private mustStillBe(before: Session): void {
    if (this.session !== before) throw new SignedOut('the session was left meanwhile')
  }

  /** Kept before it is used: the token before it is good no more. */
  private async kept(body: unknown): Promise<Session> {
    const session = v.safeParse(sessionSchema, body)
    if (!session.success) throw new Unreachable('not a session')
    await this.store.set(keyOf(session.output.personId), JSON.stringify(session.output))
    return session.output
  }

  private use(session: Session | undefined): void {
    this.renewing = undefined // what is under way was for the one before
    this.session = session
    this.endsAt = this.now() + 14 * 60_000
  }
}
