import type { PersonId } from '#domain/ids'
import type { SyncAnswer } from '#protocol/sync'
import { packedAnswer, recordForm, unpackedAnswer } from '#protocol/wire'
import { secretary } from '#support/cast'
import { median } from './median'

/** Microseconds for a record, from the object to the text or back. */
export interface CodecCost {
  readonly packed: number
  readonly named: number
}

export interface CodecCosts {
  readonly server: CodecCost
  readonly phone: CodecCost
}

const rounds = 15
const actor: PersonId = secretary.personId

/** What it takes to write answers by position, and to read them, beside what it takes by name: each way
 *  in turn, again and again, on one processor. Checking what was read is in neither. */
export function codecCosts(answers: readonly SyncAnswer[]): CodecCosts {
  const records = answers
    .flatMap(({ scopes }) => Object.values(scopes))
    .reduce((sum, news) => sum + (news.is === 'rows' ? news.rows.length : 0), 0)
  const pack = (answer: SyncAnswer) => JSON.stringify(packedAnswer(answer, { actor, form: recordForm }))
  const unpack = (text: string) => unpackedAnswer(JSON.parse(text), actor)
  const packed = answers.map(pack)
  const named = answers.map((answer) => JSON.stringify(answer))
  const took = {
    write: [] as number[],
    writeNamed: [] as number[],
    read: [] as number[],
    readNamed: [] as number[],
  }
  for (let round = 0; round < rounds; round += 1) {
    took.write.push(timeOf(() => answers.map(pack)))
    took.writeNamed.push(timeOf(() => answers.map((answer) => JSON.stringify(answer))))
    took.read.push(timeOf(() => packed.map(unpack)))
    took.readNamed.push(timeOf(() => named.map((text) => JSON.parse(text))))
  }
  const each = (times: number[]) => (median(times) * 1_000) / records
  return {
    server: { packed: each(took.write), named: each(took.writeNamed) },
    phone: { packed: each(took.read), named: each(took.readNamed) },
  }
}

function timeOf(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}
