import { weeksFrom } from '#domain/day'
import { branchScope, memberScope } from '#domain/scopes'
import type { Outcome, Row } from '#protocol/sync'
import { home, linXiao, zhouSecretary } from './branch'
import type { PhoneOnTrial } from './storage/phone-on-trial'
import type { Trial } from './storage/trial'
import type { Scenario } from './storage-faults'

const settle = (phone: PhoneOnTrial) => phone.settle()
const own = memberScope(linXiao)
const onDisk = (key: string) => `p/${linXiao}/${key}`

const weeks = weeksFrom('2015-W01', 100)
/** Lines of her own, one a week from the first-numbered on; about 250 characters each, 48 to a page. */
const lines = (first: number, count: number): Row[] =>
  weeks.slice(first, first + count).map((week) => [
    'register-line',
    `${week}/${home}`,
    {
      week,
      branchId: home,
      memberId: linXiao,
      standing: 'on-time',
      via: 'own',
      source: 'on-site',
      receivedAt: 1,
      isLateSync: false,
      isBackfilled: false,
      isAmended: false,
      version: 1,
    },
  ])
const goneLines = (first: number, count: number): Row[] =>
  lines(first, count).map(([type, key]) => [type, key, null])

/** She has synchronised before, and has this many lines of earlier years. */
const filled =
  (count = 0) =>
  async (phone: PhoneOnTrial, trial: Trial) => {
    if (count > 0) trial.server.publish(own, lines(0, count))
    await phone.settle()
  }
const filledAndRecorded =
  (...words: string[]) =>
  async (phone: PhoneOnTrial) => {
    await phone.settle()
    for (const each of words) await phone.record(each)
  }
const half = (text = '') => text.slice(0, text.length / 2)
const spoiled = (disk: Map<string, string>, key: string) => disk.set(onDisk(key), half(disk.get(onDisk(key))))

/** An answer that says this of a command which is waiting, with another behind it. */
const answered = (outcome: Outcome): Pick<Scenario, 'prepare' | 'act'> => ({
  async prepare(phone, trial) {
    trial.server.planned.set('one', outcome)
    await filledAndRecorded('one', 'two')(phone)
  },
  act: settle,
})
const refused: Outcome = { outcome: 'refused', refusal: { code: 'not-allowed' } }

/** A letter, a waiting command, and the latest rows beside the pages. */
async function inFullUse(phone: PhoneOnTrial, trial: Trial) {
  trial.server.planned.set('one', refused)
  await filledAndRecorded('one', 'two')(phone)
  await phone.settle()
  await phone.record('three')
}
const opening = (name: string, reaches: string[], spoil?: Scenario['spoil']): Scenario => ({
  name: `opening ${name}`,
  reaches,
  prepare: inFullUse,
  spoil,
  withOpening: true,
})

/** Everything the app writes to storage for, and everything it may find there when it opens. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'the first start ever',
    reaches: ['set m/', 'set c/member:lin-xiao/p/0', 'set c/member:lin-xiao/m'],
    withOpening: true,
    act: settle,
  },
  { name: 'recording', reaches: ['set o/1'], prepare: filled(), act: (phone) => phone.record('one') },
  {
    name: 'recording on a phone that is nearly full',
    reaches: ['delete c/review:branch-1/m', 'set o/1'],
    personId: zhouSecretary,
    prepare: filled(),
    async act(phone) {
      phone.run.room = 'cramped'
      await phone.record('one')
    },
  },
  {
    name: 'recording two in succession',
    reaches: ['set o/1', 'set o/2'],
    prepare: filled(),
    async act(phone) {
      await phone.record('one')
      await phone.record('two')
    },
  },
  {
    name: 'recording and sending',
    reaches: ['set o/1', 'set m/'],
    prepare: filled(),
    async act(phone) {
      await phone.record('one')
      await phone.settle()
    },
  },
  {
    name: 'sending while a command is being written',
    reaches: ['set o/1', 'set m/'],
    prepare: filled(),
    async act(phone) {
      let sending: Promise<unknown> | undefined
      phone.run.onCall = (_, key) => {
        if (key.includes('/o/')) sending ??= phone.exchange()
      }
      await phone.record('one')
      await sending
    },
  },
  {
    name: 'recording and sending the fifty-first',
    reaches: ['set o/51', 'set m/'],
    prepare: filledAndRecorded(...Array.from({ length: 50 }, (_, index) => `number ${index + 1}`)),
    async act(phone) {
      await phone.record('number 51')
      await phone.settle()
    },
  },
  {
    name: 'accepted, with a few new rows',
    reaches: ['set m/', 'set c/member:lin-xiao/r'],
    prepare: filledAndRecorded('one'),
    act: settle,
  },
  {
    name: 'rows that fill a page and cut it in two',
    reaches: ['set c/member:lin-xiao/p/2', 'set c/member:lin-xiao/m', 'delete c/member:lin-xiao/p/0'],
    prepare: filled(45),
    async act(phone, trial) {
      trial.server.publish(own, lines(60, 20))
      await phone.settle()
    },
  },
  {
    name: 'rows that change a page',
    reaches: ['delete c/member:lin-xiao/r', 'set c/member:lin-xiao/p/1', 'set c/member:lin-xiao/m'],
    prepare: filled(20),
    async act(phone, trial) {
      trial.server.publish(own, lines(60, 12))
      await phone.settle()
    },
  },
  { name: 'refused', reaches: ['set d/1', 'set m/'], ...answered(refused) },
  { name: 'held', reaches: ['set m/'], ...answered({ outcome: 'held' }) },
  { name: 'set aside by the server', reaches: ['set d/1', 'set m/'], ...answered({ outcome: 'set-aside' }) },
  {
    name: 'refused on a phone that is nearly full',
    reaches: ['delete c/review:branch-1/m', 'set d/1'],
    personId: zhouSecretary,
    ...answered(refused),
    async act(phone) {
      phone.run.room = 'cramped'
      await phone.settle()
    },
  },
  {
    name: 'an answer after a command that was not saved',
    reaches: ['set c/organization:association/m'],
    prepare: filled(),
    async before(phone) {
      phone.run.room = 'none'
      await phone.record('one')
      phone.run.room = 'enough'
    },
    act: settle,
  },
  {
    name: 'a scope that is no longer theirs',
    reaches: ['delete c/review:branch-1/m', 'delete c/review:branch-1/p/0'],
    personId: zhouSecretary,
    prepare: filled(),
    async act(phone, { branch }) {
      branch.enrol(zhouSecretary, {}, [])
      await phone.settle()
    },
  },
  {
    name: 'a scope that begins anew',
    reaches: ['delete c/member:lin-xiao/r', 'set c/member:lin-xiao/p/1', 'delete c/member:lin-xiao/p/0'],
    prepare: filled(50),
    async act(phone, { server }) {
      server.epoch += 1
      await phone.settle()
    },
  },
  {
    name: 'a server that went back to a backup',
    reaches: ['set m/', 'set d/2'],
    async prepare(phone, trial) {
      trial.server.planned.set('two', refused)
      await filledAndRecorded('one', 'two', 'three')(phone)
      await phone.settle()
      await phone.record('four')
    },
    async act(phone, trial) {
      trial.restoreServer()
      await phone.settle()
    },
  },
  {
    name: 'commands settled long ago',
    reaches: ['delete o/1', 'delete o/2', 'delete o/3'],
    async prepare(phone, trial) {
      await filledAndRecorded('one', 'two', 'three')(phone)
      await phone.settle()
      trial.clock.now += 15 * 86_400_000
    },
    act: settle,
  },
  {
    name: 'dismissing a letter',
    reaches: ['delete o/1', 'delete d/1'],
    prepare: inFullUse,
    act: (phone) => phone.dismiss(1),
  },
  {
    name: 'forgetting the copies',
    reaches: ['delete c/member:zhou-secretary/p/0', 'delete c/review:branch-1/p/0'],
    personId: zhouSecretary,
    prepare: filledAndRecorded('one'),
    act: (phone) => phone.replica.dropCaches(),
  },
  {
    name: 'two answers in succession',
    reaches: ['set c/branch:branch-1/r', 'delete c/member:lin-xiao/r', 'set c/member:lin-xiao/m'],
    prepare: filledAndRecorded('one'),
    async act(phone, { server }) {
      server.publish(own, lines(0, 12))
      server.publish(branchScope(home), [['person', 'new-comer', { id: 'new-comer', name: 'new-comer' }]])
      server.rowLimit = 8
      await phone.settle()
    },
  },
  {
    name: 'a row that is gone',
    reaches: ['set c/member:lin-xiao/r'],
    prepare: filled(4),
    async act(phone, { server }) {
      server.publish(own, goneLines(1, 1))
      await phone.settle()
    },
  },
  {
    name: 'rows that empty a page',
    reaches: ['set c/member:lin-xiao/m', 'delete c/member:lin-xiao/p/2'],
    prepare: filled(60),
    async act(phone, { server }) {
      server.publish(own, goneLines(0, 59))
      await phone.settle()
    },
  },
  opening('with everything in its place', ['get o/3', 'get c/member:lin-xiao/r']),
  opening('with a torn command', ['set x/o/3', 'delete o/3'], (disk, trial) => {
    trial.spoilt.add(3)
    spoiled(disk, 'o/3')
  }),
  opening('with a torn letter', ['get d/1'], (disk) => spoiled(disk, 'd/1')),
  opening('with the newer slot torn', ['get m/0', 'get m/1'], (disk) => spoiled(disk, newerSlot(disk))),
  opening('with the older slot torn', ['get m/0', 'get m/1'], (disk) =>
    spoiled(disk, newerSlot(disk) === 'm/0' ? 'm/1' : 'm/0'),
  ),
  opening('with a torn manifest', ['get c/member:lin-xiao/m'], (disk) => spoiled(disk, `c/${own}/m`)),
  opening('with a torn page', ['get c/member:lin-xiao/p/0'], (disk) => spoiled(disk, `c/${own}/p/0`)),
  opening('with the latest rows torn', ['get c/member:lin-xiao/r'], (disk) => spoiled(disk, `c/${own}/r`)),
]

function newerSlot(disk: ReadonlyMap<string, string>): 'm/0' | 'm/1' {
  const turnOf = (slot: string) => Number(/"turn":(\d+)/.exec(disk.get(onDisk(slot)) ?? '')?.[1] ?? 0)
  return turnOf('m/0') > turnOf('m/1') ? 'm/0' : 'm/1'
}
