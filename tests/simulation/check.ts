import { countedOf, lineKey } from '#domain/attendance'
import { readableScopes } from '#domain/authority'
import { expectedAt } from '#domain/expected'
import type { PersonId } from '#domain/ids'
import { recordTypes } from '#domain/records'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import { emptyTally, tallyOf } from '#domain/tally'
import type { Outcome } from '#protocol/sync'
import { authorityFrom, readAuthority } from '#server/authority'
import type { Replica } from '#sync/replica'
import { recordsIn, type State } from './database'
import { away, home, people, week } from './people'
import { deviceOf, type Saved, type SimulatedPhone } from './phone'
import type { SimulatedServer } from './server'
import { Violation } from './violation'
import type { World } from './world'

/** What somebody may be refused for with good reason; a feedback or a correction never is. */
const neverRefused = new Set(['send-feedback', 'ask-correction'])

/** The seven promises, after everything has healed. Throws at the first that was not kept. */
export async function check(
  world: World,
  server: SimulatedServer,
  phones: readonly SimulatedPhone[],
): Promise<void> {
  const { database } = server
  const fail = (promise: string, what: string): never => {
    throw new Violation(promise, what)
  }
  if (database.violations[0] !== undefined) throw database.violations[0]
  for (const phone of phones) {
    for (const who of phone.who) {
      await phone.settle(who)
      if (database.violations[0] !== undefined) throw database.violations[0]
    }
  }
  // Others' commands of the last minutes come down too.
  for (const phone of phones) {
    for (const who of phone.who) {
      await phone.settle(who)
      const replica = await phone.reopened(who)
      if (database.violations[0] !== undefined) throw database.violations[0]
      const { committed } = database
      const name = `${who} on ${deviceOf(replica)}`
      if (replica.pending().length > 0) fail('6', `${name}: ${replica.pending().length} are still waiting`)
      copiesEqual(replica, who, committed, world.now, phone, fail)
      lettersEqual(replica, who, committed, phone, fail)
      for (const saved of phone.saved) {
        if (saved.who === who) wasDecided(saved, replica, { phone, state: committed }, fail)
      }
    }
  }
  onlyOnce(phones, database.committed, fail)
  timesAreProven(phones, database.committed, fail)
  registersAddUp(database.committed, fail)

  await world.sleep(longAfter)
  for (const phone of phones) {
    for (const who of phone.who) {
      await phone.settle(who)
      if (database.violations[0] !== undefined) throw database.violations[0]
      for (const key of phone.disk.entries.keys()) {
        if (key.startsWith(`p/${who}/o/`)) fail('6', `${key} is settled since long ago and still there`)
      }
    }
  }
}

/** A fortnight, and what a phone's clock may have been wrong by. */
const longAfter = 20 * 86_400_000

type Fail = (promise: string, what: string) => never

/** 1: decided, and what was accepted is there; or told on that phone. */
function wasDecided(
  saved: Saved,
  replica: Replica,
  { phone, state }: { phone: SimulatedPhone; state: State },
  fail: Fail,
): void {
  const name = `${saved.name} ${saved.id} of ${saved.who} on ${saved.device}`
  const scope = memberScope(saved.who)
  const isTold = replica.deadLetters().some(({ command }) => command.id === saved.id)
  const outcome = state.decisions.get(`${scope} ${saved.device} ${saved.id}`)
  if (outcome === undefined) {
    // Told already, and its phone began anew since: what it keeps is decided under the new name.
    if (saved.device !== deviceOf(replica)) return
    if (!isTold) fail('1', `${name} was recorded and never decided`)
    return
  }
  if (
    outcome.outcome === 'refused' &&
    neverRefused.has(saved.name) &&
    // A server that went back does not know yet that they have come to this branch.
    !(saved.who === people.mover && outcome.refusal.code === 'not-allowed') &&
    outcome.refusal.code !== 'unreadable-on-device'
  )
    fail('7', `${name} was refused: ${outcome.refusal.code}`)
  const isUnreadable = outcome.outcome === 'refused' && outcome.refusal.code === 'unreadable-on-device'
  const isDismissed = phone.dismissed.has(`${saved.who} ${saved.device} ${saved.id}`)
  if (isUnreadable && !isDismissed && !phone.rotten.has(`p/${saved.who}/o/${saved.id}`))
    fail('7', `${name} was sent as unreadable, and it is not`)
  if (outcome.outcome === 'set-aside' && !saved.words?.includes('\u0000'))
    fail('7', `${name} was set aside, and nothing was wrong with it`)
  if (outcome.outcome !== 'accepted' || saved.words === undefined) return
  if (saved.name !== 'send-feedback') return // a correction goes with its author's account
  const isThere = [...(state.feeds.get(scope)?.rows ?? [])].some(
    ([key, { value }]) => key.startsWith('ticket') && wordsOf(value) === saved.words,
  )
  if (!isThere) fail('1', `${name} was accepted and is not there`)
}

const wordsOf = (value: unknown) => (value as { words?: string } | null)?.words?.trim()

/** 2: what was said once stands there once. */
function onlyOnce(phones: readonly SimulatedPhone[], state: State, fail: Fail): void {
  for (const { name, words, who } of phones.flatMap(({ saved }) => saved)) {
    if (words === undefined) continue
    const rows = state.feeds.get(memberScope(who))?.rows ?? new Map()
    const found = [...rows].filter(([, { value }]) => value !== null && wordsOf(value) === words)
    if (found.length > 1) fail('2', `${name} «${words}» stands there ${found.length} times`)
  }
}

/** 3 and 4: the copy is what the server's rows say this person may see, no more and no less. */
function copiesEqual(
  replica: Replica,
  who: PersonId,
  state: State,
  now: number,
  phone: SimulatedPhone,
  fail: Fail,
): void {
  const authority = authorityFrom(recordsIn(state, readAuthority(who)), who, now)
  const readable = authority === undefined ? [] : readableScopes(authority)
  for (const scope of readable) {
    const rows = [...(state.feeds.get(scope)?.rows ?? [])].filter(([, { value }]) => value !== null)
    const theirs = new Map(rows.map(([name, { value }]) => [name, JSON.stringify(value)]))
    const ours = new Map(
      recordTypes.flatMap((type) =>
        [...theirs.keys()]
          .filter((name) => name.startsWith(`${type} `))
          .map(
            (name) => [name, JSON.stringify(replica.get(scope, type, name.slice(type.length + 1)))] as const,
          ),
      ),
    )
    for (const [name, value] of theirs) {
      if (!sameJson(ours.get(name), value))
        fail('3', `${who} has ${scope} ${name} as ${ours.get(name)}, not ${value}`)
    }
    const count = recordTypes.reduce((sum, type) => sum + replica.list(scope, type, '').length, 0)
    if (count !== theirs.size) fail('3', `${who} has ${count} records of ${scope}, not ${theirs.size}`)
  }
  for (const key of phone.disk.entries.keys()) {
    const scope = /^p\/([^/]+)\/c\/([^/]+)\//.exec(key)
    if (scope?.[1] === who && !readable.some((each) => each === scope[2]))
      fail('4', `${who} still keeps ${key}`)
  }
}

const sameJson = (a: string | undefined, b: string) =>
  a === b || (a !== undefined && sorted(JSON.parse(a)) === sorted(JSON.parse(b)))

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )

/** 5: whatever was refused or set aside lies in the tray until it is put away, and nothing else. */
function lettersEqual(
  replica: Replica,
  who: PersonId,
  state: State,
  phone: SimulatedPhone,
  fail: Fail,
): void {
  const device = deviceOf(replica)
  const letters = new Set(replica.deadLetters().map(({ command }) => command.id))
  const isBad = (outcome: Outcome) => outcome.outcome === 'refused' || outcome.outcome === 'set-aside'
  const saved = new Map(phone.saved.filter((each) => each.device === device).map((each) => [each.id, each]))
  const prefix = `${memberScope(who)} ${device} `
  for (const [name, outcome] of state.decisions) {
    if (!name.startsWith(prefix)) continue
    const id = Number(name.slice(prefix.length))
    const isDismissed = phone.dismissed.has(`${who} ${device} ${id}`)
    if (isBad(outcome) && saved.has(id) && !letters.has(id) && !isDismissed)
      fail('5', `${saved.get(id)?.name} ${id} of ${who} was ${outcome.outcome} and nobody was told`)
    if (letters.has(id) && phone.gone.has(`${who} ${device} ${id}`))
      fail('5', `${who} put away what was told of ${id}, and it is back`)
    if (!isBad(outcome) && letters.has(id)) fail('5', `${who} was told that ${id} failed, and it did not`)
  }
}

/** Time evidence: who is on time without a mark was there in time, and nobody who was in time is
 *  told that the register was closed. */
function timesAreProven(phones: readonly SimulatedPhone[], state: State, fail: Fail): void {
  for (const saved of phones.flatMap((phone) => phone.saved)) {
    if (saved.name !== 'check-in') continue
    const outcome = state.decisions.get(`${memberScope(saved.who)} ${saved.device} ${saved.id}`)
    for (const [key, { value }] of state.feeds.get(memberScope(saved.who))?.rows ?? []) {
      if (!key.startsWith(`register-line ${week}/`)) continue
      const line = value as {
        branchId: string
        via: string
        standing: string
        isLateSync: boolean
        claimedAt?: number
        receivedAt: number
      }
      const study = state.feeds.get(branchScope(line.branchId as never))?.rows.get(`weekly-study ${week}`)
        ?.value as { onTimeUntil: number; closesAt: number; state: string; closedAt?: number } | undefined
      if (study === undefined) continue
      const sameWish = phones.flatMap(({ tried }) => tried).filter(({ who }) => who === saved.who)
      const earliest = Math.min(...sameWish.map((each) => each.at))
      if (
        line.via === 'own' &&
        line.standing === 'on-time' &&
        !line.isLateSync &&
        earliest > study.onTimeUntil
      )
        fail(
          'time',
          `${saved.who} is on time without a mark, and was not before ${new Date(earliest).toISOString()}`,
        )
    }
    if (outcome?.outcome === 'refused' && outcome.refusal.code === 'register-closed') {
      const { closedAt } = outcome.refusal
      if (saved.at < closedAt)
        fail('time', `${saved.who} was there before ${new Date(closedAt).toISOString()} and was refused`)
    }
  }
}

/** A register that was closed counts the names it keeps, each once, wherever lines came from since. */
function registersAddUp(state: State, fail: Fail): void {
  for (const branchId of [home, away]) {
    const scope = reviewScope(branchId)
    const records = recordsIn(state, [
      { scope: branchScope(branchId), type: 'weekly-study', prefix: '' },
      { scope, type: 'register', prefix: '' },
      { scope, type: 'register-line', prefix: '' },
    ])
    for (const study of records.list(branchScope(branchId), 'weekly-study', '')) {
      if (study.state !== 'closed') continue
      const lines = expectedAt(branchId, study, records).map((memberId) =>
        countedOf(records.get(scope, 'register-line', lineKey(study.week, memberId)), study),
      )
      const counted = JSON.stringify(tallyOf(lines))
      const told = JSON.stringify({ ...emptyTally, ...study.tally })
      if (told !== counted) fail('register', `${branchId} ${study.week} tells ${told}, and it is ${counted}`)
    }
  }
}
