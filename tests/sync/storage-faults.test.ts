import type { KeyValueStore } from '#sync/key-value-store'
import { Outbox } from '#sync/outbox'
import { Replica } from '#sync/replica'
import { indexedDbMedium } from '../support/storage/indexed-db-medium'
import type { Medium } from '../support/storage/medium'
import { memoryMedium } from '../support/storage/memory-medium'
import { weappMedium } from '../support/storage/weapp-medium'
import { everyFault } from '../support/storage-faults'
import { scenarios } from '../support/storage-scenarios'

jest.setTimeout(60_000)
jest.mock('@tarojs/taro', () => ({})) // weapp's adapter is bundled for its realm and finds `wx` there

const media: { name: string; made: () => Medium | Promise<Medium> }[] = [
  { name: 'memory', made: memoryMedium },
  { name: 'the storage of a mini-program', made: weappMedium },
  { name: 'IndexedDB', made: indexedDbMedium },
]

describe.each(media)('on $name, whatever storage does', ({ name, made }) => {
  let medium: Medium
  let cases = 0
  let notApplicable = 0
  beforeAll(async () => {
    medium = await made()
  })

  test.each(scenarios)('$name', async (scenario) => {
    const findings = await everyFault(scenario, medium)
    expect(findings.violations).toEqual([])
    const missing = scenario.reaches.filter((each) => !findings.calls.some((call) => call.startsWith(each)))
    expect(missing).toEqual([])
    cases += findings.cases
    notApplicable += findings.notApplicable
  })

  test('no scenario has become empty', () => {
    console.log(`storage faults on ${name}: ${cases} cases, ${notApplicable} not applicable`)
    expect(cases).toBeGreaterThan(1400)
  })
})

describe('it is told when', () => {
  afterEach(() => jest.restoreAllMocks())

  const told = async (name: string, lie?: (store: KeyValueStore) => KeyValueStore) => {
    const scenario = scenarios.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
    return (await everyFault(scenario, memoryMedium(lie))).violations.join('\n')
  }

  test('a write is said to be done, and nothing is on the disk', async () => {
    const lie = (store: KeyValueStore): KeyValueStore => ({
      ...store,
      set: async (key, value) => (key.endsWith('/o/1') ? undefined : store.set(key, value)),
    })
    expect(await told('recording two in succession', lie)).toMatch('«one» was recorded and decided 0 times')
  })

  test('a deletion is said to be done, and is not', async () => {
    const lie = (store: KeyValueStore): KeyValueStore => ({
      ...store,
      delete: async (key) => (key.includes('/c/review:') ? undefined : store.delete(key)),
    })
    expect(await told('a scope that is no longer theirs', lie)).toMatch('is not theirs to read')
  })

  test('a failed read looks like an empty one', async () => {
    const lie = (store: KeyValueStore): KeyValueStore => ({
      ...store,
      get: (key) => store.get(key).catch(() => undefined),
    })
    const found = await told('opening with everything in its place', lie)
    expect(found).toMatch('«three» was recorded and decided 0 times')
  })

  test('a page is said to be written, and holds what an earlier one held', async () => {
    const lie = (store: KeyValueStore): KeyValueStore => {
      let first: string | undefined
      return {
        ...store,
        set(key, value) {
          if (!/\/p\/\d+$/.test(key)) return store.set(key, value)
          first ??= value
          return store.set(key, first)
        },
      }
    }
    expect(await told('rows that change a page', lie)).toMatch('not what the server has')
  })

  test('a command is acknowledged before it is on the disk', async () => {
    const { add } = Outbox.prototype
    jest.spyOn(Outbox.prototype, 'add').mockImplementation(async function (this: Outbox, command) {
      const kept = { ...command, id: this.next }
      void add.call(this, command).catch(() => undefined)
      return kept
    })
    expect(await told('recording')).toMatch('«one» was recorded and decided 0 times')
  })

  test('what must be told is written after the mark that the server is past it', async () => {
    const { keepDeadLetters, settle } = Outbox.prototype
    let later: () => Promise<void> = async () => {}
    jest.spyOn(Outbox.prototype, 'keepDeadLetters').mockImplementation(async function (
      this: Outbox,
      ...given
    ) {
      later = () => keepDeadLetters.apply(this, given)
    })
    jest.spyOn(Outbox.prototype, 'settle').mockImplementation(async function (this: Outbox, ...given) {
      await settle.apply(this, given)
      await later()
    })
    expect(await told('refused')).toMatch('no letter tells of 1')
  })

  test('a full phone is taken for a refusal', async () => {
    const { submit } = Replica.prototype
    jest.spyOn(Replica.prototype, 'submit').mockImplementation(async function (this: Replica, ...given) {
      const answer = await submit.apply(this, given)
      return answer.outcome === 'not-saved'
        ? { outcome: 'refused', refusal: { code: 'not-allowed' } }
        : answer
    })
    expect(await told('an answer after a command that was not saved')).toMatch('«one» was refused')
  })
})
