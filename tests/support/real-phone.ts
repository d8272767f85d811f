import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { readableScopes } from '#domain/authority'
import type { PersonId } from '#domain/ids'
import { type RecordType, recordTypes } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import { syncAnswerSchema } from '#protocol/sync'
import { Replica } from '#sync/replica'
import { type ServerLink, SignedOut, Unreachable } from '#sync/server-link'
import { type MemoryStore, memoryKeyValueStore } from './memory-store'

let phones = 0

/** The app's own core on a phone, without its screens: what it sends goes to whatever server it is
 *  connected to, in this process. */
export class RealPhone {
  readonly store: MemoryStore = memoryKeyValueStore()
  readonly device = `realphone${String(++phones).padStart(8, '0')}`
  /** Scopes of which a server told it something, each time it did, and those it had to begin anew. */
  readonly news: string[] = []
  readonly resets: string[] = []
  /** The server hears it, and it never hears the server. */
  losesAnswers = false
  private link: ServerLink | undefined
  private opened: Replica | undefined

  constructor(
    readonly who: PersonId,
    private readonly now: () => number,
  ) {}

  connect(app: FastifyInstance, session: Session): void {
    this.link = {
      sync: async (request) => {
        const response = await app.inject({
          method: 'POST',
          url: '/v1/sync',
          headers: { authorization: `Bearer ${session.accessToken}` },
          payload: request,
        })
        if (response.statusCode === 401) throw new SignedOut('401')
        if (response.statusCode !== 200) throw new Unreachable(`${response.statusCode} ${response.body}`)
        if (this.losesAnswers) throw new Unreachable('the answer was lost')
        const answer = v.parse(syncAnswerSchema, response.json())
        for (const [scope, news] of Object.entries(answer.scopes)) {
          this.news.push(scope)
          if (news.is === 'rows' && news.isReset) this.resets.push(scope)
        }
        return answer
      },
    }
  }

  get replica(): Replica {
    if (this.opened === undefined) throw new Error('the phone is not on')
    return this.opened
  }

  /** Starts the app, as after the system ended it. */
  async start(): Promise<void> {
    this.opened = await Replica.open({
      store: this.store,
      personId: this.who,
      now: this.now,
      newDevice: async () => this.device,
    })
  }

  /** Until there is nothing more to send or to fetch; returns how many requests it took. */
  async sync(most = 60): Promise<number> {
    for (let requests = 1; requests <= most; requests++) {
      if (!(await this.exchangeOnce())) return requests
    }
    throw new Error(`${this.who}'s phone does not come to rest`)
  }

  /** One request; whether there is more. */
  async exchangeOnce(): Promise<boolean> {
    if (this.link === undefined) throw new Error('the phone is not connected')
    return (await this.replica.exchange(this.link))?.hasMore ?? false
  }

  /** Everything in its copy, by scope, in one order. */
  copy(): Record<string, unknown[]> {
    const authority = this.replica.authority()
    const scopes = authority === undefined ? [] : readableScopes(authority)
    return Object.fromEntries(scopes.map((scope) => [scope, this.copyOf(scope)]))
  }

  private copyOf(scope: Scope): unknown[] {
    return recordTypes.flatMap((type: RecordType) =>
      this.replica.list(scope, type, '').map((value) => [type, value]),
    )
  }
}
