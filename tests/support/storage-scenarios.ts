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

/** Lines of her own, one a week; about 300 characters each, 40 to a page. */
const lines = (from: string, count: number): Row[] =>
  weeksFrom(from, count).map((week) => [
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
const goneLines = (from: string, count: number): Row[] =>
  lines(from, count).map(([type, key]) => [type, key, null])

/** She has synchronised before, and has this many lines of earlier years. */
const filled =
  (count = 0) =>
  async (phone: PhoneOnTrial, trial: Trial) => {
    if (count > 0) trial.server.publish(own, lines('2015-W01', count))
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
const opening = (name: string, spoil?: Scenario['spoil']): Scenario => ({
  name: `opening ${name}`,
  prepare: inFullUse,
  spoil,
  withOpening: true,
})

/** Everything the app writes to storage for, and everything it may find there when it opens. */
export const scenarios: readonly Scenario[] = [
  { name: 'the first start ever', withOpening: true, act: settle },
  { name: 'recording', prepare: filled(), act: (phone) => phone.record('one') },
  {
    name: 'recording on a phone that is nearly full',
    personId: zhouSecretary,
    prepare: filled(),
    async act(phone) {
      phone.run.isCramped = true
      await phone.record('one')
    },
  },
  {
    name: 'recording and sending the fifty-first',
    prepare: filledAndRecorded(...Array.from({ length: 50 }, (_, index) => `number ${index + 1}`)),
    async act(phone) {
      await phone.record('number 51')
      await phone.settle()
    },
  },
  { name: 'accepted, with a few new rows', prepare: filledAndRecorded('one'), act: settle },
  {
    name: 'rows that fill a page and cut it in two',
    prepare: filled(30),
    async act(phone, trial) {
      trial.server.publish(own, lines('2016-W01', 20))
      await phone.settle()
    },
  },
  {
    name: 'rows that change a page in its place',
    prepare: filled(20),
    async act(phone, trial) {
      trial.server.publish(own, lines('2016-W01', 8))
      await phone.settle()
    },
  },
  { name: 'refused', ...answered(refused) },
  { name: 'held', ...answered({ outcome: 'held' }) },
  { name: 'set aside by the server', ...answered({ outcome: 'set-aside' }) },
  {
    name: 'refused on a phone that is nearly full',
    personId: zhouSecretary,
    ...answered(refused),
    async act(phone) {
      phone.run.isCramped = true
      await phone.settle()
    },
  },
  {
    name: 'an answer after a command that was not saved',
    prepare: filled(),
    async before(phone) {
      phone.run.isCramped = true
      await phone.record('one')
      phone.run.isCramped = false
    },
    act: settle,
  },
  {
    name: 'a scope that is no longer theirs',
    personId: zhouSecretary,
    prepare: filled(),
    async act(phone, { branch }) {
      branch.enrol(zhouSecretary, {}, [])
      await phone.settle()
    },
  },
  {
    name: 'a scope that begins anew',
    prepare: filled(50),
    async act(phone, { server }) {
      server.epoch += 1
      await phone.settle()
    },
  },
  {
    name: 'a server that went back to a backup',
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
    async prepare(phone, trial) {
      await filledAndRecorded('one', 'two', 'three')(phone)
      await phone.settle()
      trial.clock.now += 15 * 86_400_000
    },
    act: settle,
  },
  {
    name: 'dismissing a letter',
    prepare: inFullUse,
    act: (phone) => phone.dismiss(1),
  },
  {
    name: 'forgetting the copies',
    personId: zhouSecretary,
    prepare: filledAndRecorded('one'),
    act: (phone) => phone.replica.dropCaches(),
  },
  {
    name: 'two answers in succession',
    prepare: filledAndRecorded('one'),
    async act(phone, { server }) {
      server.publish(own, lines('2015-W01', 12))
      server.publish(branchScope(home), [['person', 'new-comer', { id: 'new-comer', name: 'new-comer' }]])
      server.rowLimit = 8
      await phone.settle()
    },
  },
  {
    name: 'a row that is gone',
    prepare: filled(4),
    async act(phone, { server }) {
      server.publish(own, goneLines('2015-W02', 1))
      await phone.settle()
    },
  },
  {
    name: 'rows that empty a page',
    prepare: filled(60),
    async act(phone, { server }) {
      server.publish(own, goneLines('2015-W01', 59))
      await phone.settle()
    },
  },
  opening('with everything in its place'),
  opening('with a torn command', (disk, trial) => {
    trial.spoilt.add(3)
    spoiled(disk, 'o/3')
  }),
  opening('with a torn letter', (disk) => spoiled(disk, 'd/1')),
  opening('with the newer slot torn', (disk) => spoiled(disk, newerSlot(disk))),
  opening('with the older slot torn', (disk) => spoiled(disk, newerSlot(disk) === 'm/0' ? 'm/1' : 'm/0')),
  opening('with a torn manifest', (disk) => spoiled(disk, `c/${own}/m`)),
  opening('with a torn page', (disk) => spoiled(disk, `c/${own}/p/0`)),
  opening('with the latest rows torn', (disk) => spoiled(disk, `c/${own}/r`)),
]

function newerSlot(disk: ReadonlyMap<string, string>): 'm/0' | 'm/1' {
  const turnOf = (slot: string) => Number(/"turn":(\d+)/.exec(disk.get(onDisk(slot)) ?? '')?.[1] ?? 0)
  return turnOf('m/0') > turnOf('m/1') ? 'm/0' : 'm/1'
}
