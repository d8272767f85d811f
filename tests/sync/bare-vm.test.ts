import { build } from 'esbuild'
import { branchScope, memberScope } from '#domain/scopes'
import type { Replica, ReplicaOptions } from '#sync/replica'
import type { LiveLink } from '#sync/server-link'
import type { LoopOptions, SyncLoop } from '#sync/sync-loop'
import { at, home, linXiao, TestBranch, week } from '../support/branch'
import { MemoryServer } from '../support/memory-server'
import { memoryKeyValueStore } from '../support/memory-store'
import { Realm } from '../support/weapp/realm'

/** What the bundle hands out. */
interface Core {
  Replica: { open(options: ReplicaOptions): Promise<Replica> }
  SyncLoop: new (options: LoopOptions) => SyncLoop
}

/** What browsers, Node and WeChat have, and the language does not: the core is given all it needs. */
const notOfTheLanguage = [
  ...['window', 'self', 'global', 'document', 'navigator', 'location', 'wx', 'process', 'require', 'Buffer'],
  ...[
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'localStorage',
    'indexedDB',
    'crypto',
    'performance',
    'console',
  ],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'clearTimeout'],
  ...[
    'TextEncoder',
    'TextDecoder',
    'URL',
    'URLSearchParams',
    'Blob',
    'AbortController',
    'Event',
    'atob',
    'btoa',
  ],
  ...['Intl', 'WebAssembly', 'SharedArrayBuffer', 'WeakRef'],
]

let bundle: string
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { Replica } from '#sync/replica'\nexport { SyncLoop } from '#sync/sync-loop'`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: 'iife',
    globalName: 'core',
    target: 'es2018',
    write: false,
  })
  bundle = outputFiles[0]?.text ?? ''
})

/** A context with the language in it and nothing else: not even WeChat's timers, nor the console that
 *  V8 gives every context. */
function bareRealm(): Realm {
  const realm = new Realm()
  const names = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'console']
  realm.evaluate(names.map((name) => `delete globalThis.${name}`).join('\n'), 'bare.js')
  return realm
}

function loaded(code: string): { core: Core; realm: Realm } {
  const realm = bareRealm()
  realm.evaluate(code, 'core.js')
  return { core: realm.evaluate('core', 'core.js') as Core, realm }
}

/** Lin Xiao checks in without signal, the phone is started anew, and the server takes it. */
async function checksIn(code: string) {
  const clock = { now: at('08:26') }
  const server = new MemoryServer(new TestBranch(), clock)
  const store = memoryKeyValueStore()
  const start = async () => {
    const { core, realm } = loaded(code)
    const link: LiveLink = {
      watch: () => new Promise(() => undefined), // nobody else acts here
      sync: async (request) => realm.copy(await server.sync(JSON.parse(JSON.stringify(request)))),
    }
    const newDevice = async () => 'abcdefghijklmnopqrstuvwx'
    const options = { store, personId: linXiao, now: () => clock.now, newDevice }
    return { core, realm, link, replica: await core.Replica.open(options) }
  }

  const first = await start()
  await first.replica.exchange(first.link)
  const isFilled = first.replica.isFilled
  const submitted = await first.replica.submit('check-in', branchScope(home), first.realm.object({ week }))

  const second = await start()
  const waiting = second.replica.pending().length
  const timers: number[] = []
  const connected = await new Promise<string>((resolve) => {
    const loop = new second.core.SyncLoop({
      replica: second.replica,
      link: second.link,
      onConnection: resolve,
      now: () => clock.now,
      random: () => 0.5,
      setTimer: (_, delayMs) => timers.push(delayMs),
      clearTimer: () => undefined,
    })
    loop.wake()
  })

  const third = await start()
  const lines = third.replica.list(memberScope(linXiao), 'register-line', '')
  return {
    isFilled,
    submitted: submitted.outcome,
    waiting,
    connected,
    decided: server.decided.length,
    stillWaiting: third.replica.pending().length,
    standings: lines.map(({ standing }) => standing),
    timers,
  }
}

test('the core opens, records, sends, takes the answer and opens again on the bare language', async () => {
  expect(await checksIn(bundle)).toEqual({
    isFilled: true,
    submitted: 'recorded',
    waiting: 1,
    connected: 'online',
    decided: 1,
    stillWaiting: 0,
    standings: ['on-time'],
    timers: [1000],
  })
})

describe('it would not go unnoticed', () => {
  test('that there is more than the language', () => {
    const found = bareRealm().evaluate(
      `${JSON.stringify(notOfTheLanguage)}.filter((name) => name in globalThis)`,
      'test.js',
    )
    expect([...(found as string[])]).toEqual([])
  })

  test.each([
    { used: `new Function('')`, says: /Code generation from strings disallowed/ },
    { used: `(0, eval)('1')`, says: /Code generation from strings disallowed/ },
    { used: 'navigator.onLine', says: /navigator is not defined/ },
    { used: 'new TextEncoder()', says: /TextEncoder is not defined/ },
    { used: 'setTimeout(() => {}, 0)', says: /setTimeout is not defined/ },
    { used: 'structuredClone({})', says: /structuredClone is not defined/ },
    { used: 'new Intl.DateTimeFormat()', says: /Intl is not defined/ },
  ])('that the core uses $used', async ({ used, says }) => {
    const place = 'JSON.stringify(value)' // where an entry is framed
    const broken = bundle.replace(place, `(${used}, ${place})`)
    expect(broken).not.toBe(bundle)
    await expect(checksIn(broken)).rejects.toMatchObject({ message: expect.stringMatching(says) })
  })
})
