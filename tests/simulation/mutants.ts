// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
/** A bug of synchronisation, made on purpose: places of the real code, changed while it is bundled for
 *  a run of the simulator. Each must be caught. A place that is not there once is an error. */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly changes: readonly (readonly [from: string, to: string])[]
}

const outbox = 'src/sync/outbox.ts'
const replica = 'src/sync/replica.ts'
const cache = 'src/sync/scope-cache.ts'
const decide = 'server/sync/decide.ts'
const pull = 'server/sync/pull.ts'
const pushes = 'server/sync/pushes.ts'
const database = 'tests/simulation/database.ts'

const mutant = (file: string, name: string, ...changes: Mutant['changes']): Mutant => ({
  name,
  file,
  changes,
})

const onThePhone = [
  mutant(outbox, 'says recorded before it is on the disk', [
    '      await this.store.set(`${this.prefix}o/${kept.id}`, framed(kept))\n    } catch',
    '      void this.store.set(`${this.prefix}o/${kept.id}`, framed(kept)).catch(() => undefined)\n    } catch',
  ]),
  mutant(outbox, 'spends an id again whose write failed', [
    '      this.doubtful.add(kept.id)\n',
    '      this.spent -= 1\n',
  ]),
  mutant(outbox, 'tells nobody of a command it cannot read', [
    '      if (command === undefined) unreadable.add(id)\n',
    '',
  ]),
  mutant(outbox, 'waits for ever behind a hole', [
    '      send.push(this.commands.get(id) ?? voidAt(id, this.actor, now))\n',
    '      const command = this.commands.get(id)\n      if (command === undefined) break\n      send.push(command)\n',
  ]),
  mutant(outbox, 'forgets at once what is settled', [
    'const settledKeptMs = 14 * dayMs',
    'const settledKeptMs = -dayMs',
  ]),
  mutant(outbox, 'asks no more about what it cannot read', ['...this.unreadable, ', '']),
  mutant(outbox, 'keeps a letter that is not true any more', [
    '        if (this.letters.has(id)) await this.drop(id)\n',
    '',
  ]),
  mutant(replica, 'takes a failed read for an empty one', [
    '    const { store, personId } = options\n',
    `    const { personId } = options
    const store: KeyValueStore = {
      get: (key) => options.store.get(key).catch(() => undefined),
      keys: (prefix) => options.store.keys(prefix).catch(() => []),
      set: (key, value) => options.store.set(key, value),
      delete: (key) => options.store.delete(key),
    }
`,
  ]),
  mutant('src/sync/frame.ts', 'looks at no checksum', [
    'text.length !== Number(match[1]) || checksum(text) !== match[2]',
    'text.length !== Number(match[1])',
  ]),
  mutant('src/sync/meta.ts', 'writes over the only slot that is good', ['m/${meta.turn % 2}', 'm/1']),
  mutant(cache, 'writes the cursor before the rows', [
    '    for (const page of this.dirty) {\n      const isWhole',
    '    const early = { ...copy, nextPage: this.nextPage, pages: this.pages.map((page) => page.id) }\n    await this.store.set(`${this.prefix}m`, framed(early))\n    for (const page of this.dirty) {\n      const isWhole',
  ]),
  mutant(cache, 'writes a page over where it stands', [
    'const written = parts.map((rows) => ({ id: this.nextPage++, rows }))',
    'const written = isWhole ? [page] : parts.map((rows) => ({ id: this.nextPage++, rows }))',
  ]),
  mutant(cache, 'never reads again what an older version left out', [
    '    if (cache.leftOutBy !== undefined && cache.leftOutBy !== version) cache.beginAnew()\n',
    '',
  ]),
  mutant(cache, 'loses its way in pages that became empty', [
    '    this.pages.splice(this.pages.indexOf(page), 1)\n    this.dirty.delete(page)\n',
    '',
  ]),
  mutant(
    replica,
    'notes that all is told before it is',
    ['    await this.keepWithRoom(() => this.outbox.keepDeadLetters(outcomes, answer.now))\n', ''],
    [
      '    await this.outbox.settle(last, highest, answer.now)\n',
      '    await this.keepWithRoom(() => this.outbox.keepDeadLetters(outcomes, answer.now))\n    await this.outbox.settle(last, highest, answer.now)\n',
    ],
  ),
  mutant(replica, 'asks about nothing again when the server went back', [
    'if (this.wentBack(answer)) return Math.min(answer.last, this.outbox.lowest - 1)',
    '',
  ]),
  mutant(replica, 'asks again about its letters alone', [
    'if (this.wentBack(answer)) return Math.min(answer.last, this.outbox.lowest - 1)',
    'if (this.wentBack(answer)) return this.outbox.acked(answer.last)',
  ]),
  mutant(replica, 'forgets which numbers are spent', [
    'const change = { last, highest, clockOffset',
    'const change = { last, clockOffset',
  ]),
  mutant(outbox, 'tells again what was read', [
    '    await this.store.delete(`${this.prefix}o/${id}`)\n    this.commands.delete(id)\n    await setAside',
    '    await setAside',
  ]),
  mutant(outbox, 'puts away what alone knows of a number', ['    await this.meta.spend(id)\n', '']),
  mutant(replica, 'lets the server forget what a letter tells', [
    'acked: this.outbox.acked(last)',
    'acked: last',
  ]),
  mutant(replica, 'empties the outbox when the session has ended', [
    '      const answer = await link.sync(request)\n',
    `      const answer = await link.sync(request).catch(async (error: Error) => {
        if (error.name !== 'SignedOut') throw error
        for (const { id } of this.outbox.pending()) await this.options.store.delete(\`\${this.prefix}o/\${id}\`)
        throw error
      })
`,
  ]),
  mutant(replica, 'empties the outbox when a scope is gone', [
    '        await cache?.drop()\n        this.caches.delete(scope)\n        continue\n',
    `        await cache?.drop()
        this.caches.delete(scope)
        for (const { id } of this.outbox.pending()) await this.options.store.delete(\`\${this.prefix}o/\${id}\`)
        continue
`,
  ]),
  mutant(replica, 'keeps the copy of a scope that is gone', [
    '        await cache?.drop()\n        this.caches.delete(scope)\n        continue\n',
    '        continue\n',
  ]),
  mutant(replica, 'takes an answer that does not continue its copy', [
    '      if (!news.isReset && (news.epoch !== at.epoch || news.from !== at.seq)) continue\n',
    '',
  ]),
  mutant(replica, 'does not hear that the server went back', [
    '      const change = { last, highest, clockOffset, heardAt: answer.now }\n',
    '      const change = { last: Math.max(last, this.meta.last), clockOffset, heardAt: answer.now }\n',
  ]),
  mutant(replica, 'sends as void what is being written', [
    `      const request = await this.inTurn(async () => {
        await this.outbox.takeBack()
        return this.request()
      })
`,
    '      const request = this.request()\n',
  ]),
  mutant(replica, 'puts two people into one outbox', [
    '    const prefix = `p/${personId}/`\n',
    "    const prefix = 'p/all/'\n",
  ]),
  mutant(replica, 'takes the phone’s clock for the server’s word', [
    '      const { heardAt } = this.meta\n',
    '      const heardAt = this.now()\n',
  ]),
]

const onTheServer = [
  mutant(pull, 'looks at no floor but that of the head', [
    '  if (cursor !== undefined && misses(cursor, floor))\n',
    '  if (cursor !== undefined && misses(cursor, Math.min(floor, head.floor)))\n',
  ]),
  mutant(decide, 'takes a command after a gap', ['    if (command.id !== last + 1) break\n', '']),
  mutant(
    decide,
    'decides again what was decided',
    [
      '    if (command.id <= last) {\n',
      '    if (command.id <= last && before.outcomes.some(({ id }) => id === command.id)) {\n',
    ],
    ['    if (command.id !== last + 1) break\n', ''],
    ['      if (command.id > last) fresh.set', '      if (command.id > 0) fresh.set'],
  ),
  mutant(decide, 'forgets an outcome before the phone has it', [
    'filter(isToBeTold(request.acked))',
    'filter(() => false)',
  ]),
  mutant(decide, 'forgets a refusal that an old request calls known', [
    "id > acked || result.outcome === 'refused' || result.outcome === 'set-aside'",
    'id > acked',
  ]),
  mutant(decide, 'says accepted of what it sets aside', [
    "result = { outcome: 'set-aside' }",
    "result = { outcome: 'accepted' }",
  ]),
  mutant(decide, 'refuses what it fails at', [
    '      failures += 1\n',
    "      failures += 1\n      decided.push({ id: command.id, result: refused('malformed') })\n      told.push({ id: command.id, result: refused('malformed') })\n      last = command.id\n      continue\n",
  ]),
  mutant(decide, 'reads without the lock of the guard', [
    '    transaction.lockScopes(ready.map((each) => each.ready.guard)),\n',
    '    undefined,\n',
  ]),
  mutant(decide, 'takes the moment of arrival for that of the act', [
    'earliest: Math.min(heardAt, receivedAt)',
    'earliest: Math.max(heardAt, receivedAt)',
  ]),
  mutant('src/domain/commands/check-in.ts', 'marks nothing that came late', [
    'return { is, isLateSync: evidence.receivedAt > provenBy }',
    'return { is, isLateSync: false }',
  ]),
  mutant(pushes, 'lets one bad command fail all that came with it', [
    '    const [first, ...others] = received\n',
    '    if (cause !== undefined) return this.together(received, { cause })\n    const [first, ...others] = received\n',
  ]),
  mutant(pushes, 'takes a failure of the moment for a bad command', [
    '      if (this.store.isTransient(error)) throw error\n',
    "      if (this.store.isTransient(error)) return this.together(received.map((each) => ({ ...each, request: { ...each.request, push: each.request.push.map((command) => ({ ...command, command: 'nothing@1' })) } })))\n",
  ]),
  mutant(
    pull,
    'takes a cursor of another history',
    ['cursor !== undefined && cursor.epoch === head.epoch', 'cursor !== undefined'],
    ['epoch: head.epoch', 'epoch: 1'],
  ),
  mutant(pull, 'forgets that deletions are told no more', [
    '  if (cursor !== undefined && misses(cursor, floor))\n',
    '  if (cursor === undefined && floor < 0)\n',
  ]),
  mutant(pull, 'begins anew at every page', [
    '...(from === 0 && head.floor > 0 && { floor: head.floor }),',
    '',
  ]),
  mutant(pull, 'says it is up to date after a first page', [
    'seq: hasMore ? readTo : Math.max(readTo, head.seq)',
    'seq: head.seq',
  ]),
  mutant(pull, 'tells nobody that there is more', [
    'const hasMore = found.length > page.length',
    'const hasMore = false',
  ]),
  mutant(pull, 'tells nobody that a scope is gone', [
    "    if (!readable.some((each) => each === scope)) news[scope] = { is: 'gone' }\n",
    '',
  ]),
  mutant(pull, 'answers for every scope it is asked for', [
    '[] : readableScopes(authority)\n',
    '[] : [...new Set([...readableScopes(authority), ...(Object.keys(cursors) as Scope[])])]\n',
  ]),
]

const inTheDatabase = [
  mutant(
    database,
    'draws numbers outside the lock',
    [
      `    await this.lock(scopes)
`,
      `    const { feeds } = this.database.committed
    await this.statement()
    await this.lock(scopes)
`,
    ],
    [
      'this.feeds.get(scope) ?? this.database.committed.feeds.get(scope) ?? this.database.emptyFeed',
      'this.feeds.get(scope) ?? { ...(this.database.committed.feeds.get(scope) ?? this.database.emptyFeed), seq: (feeds.get(scope) ?? this.database.emptyFeed).seq }',
    ],
  ),
  mutant(database, 'keeps an outcome in a transaction of its own', [
    '      this.devices.set(key, device)\n    }\n  }\n',
    `      this.devices.set(key, device)
    }
    const state = this.database.committed
    this.database.replace({ ...state, devices: new Map([...state.devices, ...this.devices]) })
  }
`,
  ]),
  mutant(database, 'answers before the commit', [
    `      await this.weather.commit('before')
      await this.alive()
      transaction.commit()
      await this.weather.commit('after')
      await this.alive()
      return { result, written }
    } finally {
      if (!this.isAbandoned) {
        this.open.delete(transaction)
        this.database.release(transaction)
      }
    }
`,
    `      const committing = async () => {
        await this.weather.commit('before')
        await this.alive()
        transaction.commit()
        this.open.delete(transaction)
        this.database.release(transaction)
      }
      void committing()
      return { result, written }
    } catch (error) {
      this.open.delete(transaction)
      this.database.release(transaction)
      throw error
    }
`,
  ]),
  mutant(database, 'locks no device', ['    await this.lock(wanted.map(([key]) => `device ${key}`))\n', '']),
  mutant(database, 'makes new scopes as before the restore', ['    this.epoch = epoch\n', '']),
  mutant('tests/simulation/server.ts', 'counts restores of one backup alike', [
    'this.epoch = Math.max(this.epoch + 1, Math.floor(this.world.now / 1000))',
    'this.epoch = Math.max(1, ...[...backup.feeds.values()].map(({ epoch }) => epoch)) + 1',
  ]),
]

export const mutants: readonly Mutant[] = [...onThePhone, ...onTheServer, ...inTheDatabase]
