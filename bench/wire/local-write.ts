import { branchScope, reviewScope } from '#domain/scopes'
import { week } from '#support/branch'
import { testServer } from '#support/server'
import { coreClient, fill } from './core-client'
import { few, fillRegister, many } from './filled-branches'
import { median } from './median'

const rounds = 300
/** A phone may ask so often and no oftener; queues stay short all the same. */
const roundsToAnswer = 10

/** What recording one check-in costs the phone before it may be called recorded. */
export interface LocalWrite {
  readonly calls: number
  /** Characters of keys and values; all of it is ASCII. */
  readonly bytes: number
  /** Median of rounds in which both phones recorded in turn. */
  readonly ms: number
}

/** On the phones of two secretaries, one with so few lines of a register in the copy, one with so many.
 *  The real server takes what was recorded again and again. */
export async function localWrites(lines: {
  few: number
  many: number
}): Promise<{ few: LocalWrite; many: LocalWrite }> {
  const server = await testServer()
  const { app, database, clock } = server
  await app.listen({ port: 0, host: '127.0.0.1' })
  const open = async ({ branch, secretary }: typeof few, count: number) => {
    await fillRegister(database, branch, count)
    const client = await coreClient({ app, database, now: () => clock.now }, secretary)
    await fill(client)
    const held = client.replica.list(reviewScope(branch), 'register-line', '').length
    if (held !== count) throw new Error(`of ${count} lines ${held} are in the copy`)
    return { client, branch, took: [] as number[], calls: 0, bytes: 0 }
  }
  try {
    const sides = { few: await open(few, lines.few), many: await open(many, lines.many) }
    for (let round = 0; round < rounds; round += 1) {
      for (const side of Object.values(sides)) {
        const { replica, stored } = side.client
        const before = { ...stored }
        const start = performance.now()
        const { outcome } = await replica.submit('check-in', branchScope(side.branch), { week })
        side.took.push(performance.now() - start)
        if (outcome !== 'recorded') throw new Error(`the check-in was ${outcome}`)
        side.calls = Math.max(side.calls, stored.calls - before.calls)
        side.bytes = Math.max(side.bytes, stored.written - before.written)
        if ((round + 1) % roundsToAnswer === 0) await fill(side.client)
      }
    }
    for (const { client } of Object.values(sides)) client.close()
    const costs = ({ calls, bytes, took }: typeof sides.few): LocalWrite => ({
      calls,
      bytes,
      ms: median(took),
    })
    return { few: costs(sides.few), many: costs(sides.many) }
  } finally {
    await server.close()
  }
}
