import type { ClientBase } from 'pg'

/** Tells every phone that this database went back to an earlier state: what they have of a scope counts
 *  no more, they begin it anew, and send again what the server has forgotten. Also of scopes that are
 *  not there yet: phones may know them from the time that was lost. The epoch is taken from the
 *  clock: the same backup restored twice gives two. Returns it. */
export async function raiseEpochs(client: ClientBase, now: number): Promise<number> {
  // A server at work waits: it would otherwise hold some rows of it, and wait for others.
  await client.query('LOCK TABLE scopes IN ACCESS EXCLUSIVE MODE')
  const { rows } = await client.query<{ epoch: number }>(
    'SELECT GREATEST($1::bigint, max(epoch) + 1) AS epoch FROM scopes',
    [now],
  )
  const epoch = rows[0]?.epoch ?? now
  await client.query('UPDATE scopes SET epoch = $1', [epoch])
  await client.query(`ALTER TABLE scopes ALTER COLUMN epoch SET DEFAULT ${epoch}`)
  return epoch
}

/** Invitations may have been used since the backup, and nobody guards a code that was used: those not
 *  used by then are good no more. */
export async function endOpenInvitations(client: ClientBase): Promise<number> {
  return (await client.query('DELETE FROM invitations WHERE used_at IS NULL')).rowCount ?? 0
}

/** Signs everybody out: sessions that were ended since the backup are alive again in it. */
export async function endAllSessions(client: ClientBase, now: number): Promise<number> {
  const ended = await client.query('UPDATE sessions SET ended_at = $1 WHERE ended_at IS NULL', [now])
  return ended.rowCount ?? 0
}
