import { createHash, randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import { memberScope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import { AccessTokens } from './access-token'
import { loadAuthority } from './authority'
import { answered, Rounds } from './rounds'
import { type Database, inTransaction } from './storage/database'
import { manyOf } from './storage/many'
import { readRecords } from './storage/rows'
import { secretOf } from './storage/server-state'

const accessTokenMs = 15 * 60_000
/** A session unused for so long is over. */
export const sessionMs = 180 * 86_400_000

const hash = (secret: string) => createHash('sha256').update(secret).digest('base64url')
const newSecret = () => randomBytes(24).toString('base64url')

const refreshTokenSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,40}\.[\w-]{8,}\.[\w-]{16,}$/),
  v.transform((text) => {
    const [person = '', id = '', secret = ''] = text.split('.')
    return { personId: v.parse(personIdSchema, person), id, secret }
  }),
)

interface SessionRow {
  generation: number
  token_hash: string
  previous_hash: string | null
  is_confirmed: boolean
  used_at: number
  ended_at: number | null
}

interface SessionName {
  readonly scope: string
  readonly id: string
}

type SessionState = Pick<SessionRow, 'generation' | 'is_confirmed' | 'ended_at'>

/** Those who come together are asked about together. */
const limits = { most: 256, room: 8_192 }

/** Signs somebody out everywhere. */
export async function endSessions(client: ClientBase, personId: PersonId, now: number): Promise<void> {
  await client.query('UPDATE sessions SET ended_at = $2 WHERE scope = $1 AND ended_at IS NULL', [
    memberScope(personId),
    now,
  ])
}

/** Sessions: a short access token that needs no look-up of secrets, and a refresh token that is
 *  good once. A used one that comes again ends the session, unless the answer with its successor
 *  was evidently lost on the way: nobody has ever shown the successor. */
export class Sessions {
  /** Every request asks. */
  private readonly states = new Rounds<SessionName, SessionState | undefined>(async (names) => {
    const { rows } = await this.database.pool.query<SessionState & { place: number }>({
      name: 'session-states',
      text: `SELECT place, generation, is_confirmed, ended_at
          FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS asked(wanted, place)
          JOIN sessions ON sessions.scope = wanted->>0 AND sessions.id = wanted->>1`,
      values: [manyOf(names.map(({ scope, id }) => [scope, id]))],
    })
    const found = new Map(rows.map((row) => [row.place, row]))
    return names.map((_, index) => answered(found.get(index + 1)))
  }, limits)

  /** The first request with a new access token shows that the phone has the refresh token beside it. */
  private readonly confirmations = new Rounds<SessionName & { generation: number }, undefined>(
    async (names) => {
      await this.database.pool.query({
        name: 'confirm-sessions',
        text: `UPDATE sessions SET is_confirmed = true FROM jsonb_array_elements($1::jsonb) AS shown
          WHERE sessions.scope = shown->>0 AND sessions.id = shown->>1 AND generation = (shown->2)::bigint`,
        values: [manyOf(names.map(({ scope, id, generation }) => [scope, id, generation]))],
      })
      return names.map(() => answered(undefined))
    },
    limits,
  )

  private constructor(
    private readonly database: Database,
    private readonly now: () => number,
    private readonly accessTokens: AccessTokens,
  ) {}

  static async open(database: Database, now: () => number): Promise<Sessions> {
    const key = await secretOf(database, 'access-token-key')
    return new Sessions(database, now, new AccessTokens(key))
  }

  /** A new session for somebody who has shown who they are; undefined when unknown here. */
  async begin(personId: PersonId): Promise<Session | undefined> {
    const id = randomBytes(9).toString('base64url')
    const secret = newSecret()
    const session = await this.answer(personId, { id, generation: 1, secret })
    if (session === undefined) return undefined
    await this.database.query
      .insertInto('sessions')
      .values({
        scope: memberScope(personId),
        id,
        generation: 1,
        token_hash: hash(secret),
        previous_hash: null,
        is_confirmed: false,
        created_at: this.now(),
        used_at: this.now(),
        ended_at: null,
      })
      .execute()
    return session
  }

  /** Trades a refresh token for the next; undefined when the session is over. */
  async refresh(token: string): Promise<Session | undefined> {
    const parsed = v.safeParse(refreshTokenSchema, token)
    if (!parsed.success) return undefined
    const { personId, id, secret } = parsed.output
    const scope = memberScope(personId)
    const next = newSecret()
    const generation = await inTransaction(this.database, async (client) => {
      const { rows } = await client.query<SessionRow>(
        `SELECT * FROM sessions WHERE scope = $1 AND id = $2 FOR UPDATE`,
        [scope, id],
      )
      const row = rows[0]
      if (row === undefined || row.ended_at !== null || row.used_at < this.now() - sessionMs) return undefined
      const isCurrent = row.token_hash === hash(secret)
      const isLostAnswer = !row.is_confirmed && row.previous_hash === hash(secret)
      if (!isCurrent && !isLostAnswer) {
        const isReused = row.previous_hash === hash(secret)
        if (isReused) await this.endIn(client, scope, id)
        return undefined
      }
      await client.query(
        `UPDATE sessions SET generation = generation + 1, token_hash = $3, previous_hash = $4,
          is_confirmed = false, used_at = $5 WHERE scope = $1 AND id = $2`,
        [scope, id, hash(next), hash(secret), this.now()],
      )
      return row.generation + 1
    })
    return generation === undefined ? undefined : this.answer(personId, { id, generation, secret: next })
  }

  /** Who shows this access token, while their session lasts. */
  async verify(token: string): Promise<{ personId: PersonId; sessionId: string } | undefined> {
    const claims = this.accessTokens.read(token, this.now())
    if (claims === undefined) return undefined
    const { personId, sessionId, generation } = claims
    const row = await this.states.ask({ scope: memberScope(personId), id: sessionId })
    if (row === undefined || row.ended_at !== null) return undefined
    if (!row.is_confirmed && row.generation === generation) {
      await this.confirmations.ask({ scope: memberScope(personId), id: sessionId, generation })
    }
    return { personId, sessionId }
  }

  /** How many phones and browsers the person is signed in on. */
  async countOf(personId: PersonId): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: number }>(
      `SELECT count(*) AS count FROM sessions WHERE scope = $1 AND ended_at IS NULL AND used_at > $2`,
      [memberScope(personId), this.now() - sessionMs],
    )
    return rows[0]?.count ?? 0
  }

  async end(personId: PersonId, sessionId: string): Promise<void> {
    await this.endIn(this.database.pool, memberScope(personId), sessionId)
  }

  private async endIn(
    client: { query(text: string, values: unknown[]): Promise<unknown> },
    scope: string,
    id: string,
  ) {
    await client.query(`UPDATE sessions SET ended_at = $3 WHERE scope = $1 AND id = $2`, [
      scope,
      id,
      this.now(),
    ])
  }

  private async answer(
    personId: PersonId,
    { id, generation, secret }: { id: string; generation: number; secret: string },
  ): Promise<Session | undefined> {
    const authority = await loadAuthority(this.database.pool, personId, this.now())
    if (authority === undefined) return undefined
    const endsAt = this.now() + accessTokenMs
    const own = memberScope(personId)
    const records = await readRecords(this.database.pool, [{ scope: own, type: 'profile', key: 'profile' }])
    return {
      personId,
      name: records.get(own, 'profile', 'profile')?.name ?? '',
      accessToken: this.accessTokens.write({ personId, sessionId: id, generation }, endsAt),
      expiresAt: endsAt,
      refreshToken: `${personId}.${id}.${secret}`,
    }
  }
}
