import { readableScopes } from '#domain/authority'
import { prepare, voidCommand } from '#domain/commands'
import type { Change } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { Outcome, Row, SyncAnswer, SyncRequest } from '#protocol/sync'
import type { ServerLink } from '#sync/server-link'
import { MemoryRecords, type TestBranch } from './branch'

interface Feed {
  head: number
  readonly rows: Map<string, { seq: number; row: Row }>
}

/** The server's half of the protocol in memory, small enough to read: the real rules decide. The
 *  real server has tests of its own. */
export class MemoryServer implements ServerLink {
  protected readonly devices = new Map<string, { last: number; outcomes: Map<number, Outcome> }>()
  protected readonly feeds = new Map<Scope, Feed>()
  /** Every command decided, in order: `device.id`. */
  readonly decided: string[] = []
  epoch = 1
  rowLimit = 1000

  constructor(
    protected readonly branch: TestBranch,
    readonly clock: { now: number },
  ) {
    const records = branch.records
    if (!(records instanceof MemoryRecords)) throw new Error('the branch of the tests is in memory')
    this.feedAll(JSON.parse(records.snapshot()) as [string, unknown][])
  }

  async sync(request: SyncRequest): Promise<SyncAnswer> {
    const device = this.devices.get(`${request.actor} ${request.device}`) ?? { last: 0, outcomes: new Map() }
    this.devices.set(`${request.actor} ${request.device}`, device)
    const outcomes: SyncAnswer['outcomes'] = []
    for (const command of request.push) {
      if (command.id > device.last + 1) break
      const known = device.outcomes.get(command.id)
      if (command.id <= device.last) {
        if (known !== undefined) outcomes.push({ id: command.id, result: known })
        continue
      }
      const result = this.decide(request, command)
      device.outcomes.set(command.id, result)
      device.last = command.id
      this.decided.push(`${request.device}.${command.id}`)
      outcomes.push({ id: command.id, result })
    }
    const answer = {
      now: this.clock.now,
      last: device.last,
      outcomes,
      scopes: this.pull(request),
      hint: { nextPollMs: 1000 },
    }
    return JSON.parse(JSON.stringify(answer)) as SyncAnswer
  }

  protected decide(request: SyncRequest, command: SyncRequest['push'][number]): Outcome {
    if (command.command === voidCommand)
      return { outcome: 'refused', refusal: { code: 'unreadable-on-device' } }
    const now = this.clock.now
    const actor = this.branch.authority(request.actor, now)
    const prepared = prepare(command.command, command.scope, command.args, actor)
    if (typeof prepared === 'string') return { outcome: 'refused', refusal: { code: prepared } }
    const decision = prepared.decide(this.branch.records, {
      actor,
      evidence: { earliest: 0, receivedAt: now, claimedAt: command.claimedAt },
      commandKey: `${request.device}.${command.id}`,
    })
    if (decision.outcome === 'refused') return decision
    this.branch.records.apply(decision.value)
    this.feed(decision.value)
    return { outcome: decision.outcome }
  }

  protected feed(changes: readonly Change[]): void {
    for (const { scope, type, key, value } of changes) {
      const feed = this.feeds.get(scope) ?? { head: 0, rows: new Map() }
      this.feeds.set(scope, feed)
      feed.head += 1
      feed.rows.set(`${type} ${key}`, { seq: feed.head, row: [type, key, value] })
    }
  }

  private feedAll(rows: readonly [string, unknown][]): void {
    this.feed(
      rows.map(([name, value]) => {
        const [scope = '', type = '', key = ''] = name.split(' ')
        return { scope, type, key, value } as Change // as MemoryRecords wrote it
      }),
    )
  }

  private pull(request: SyncRequest): SyncAnswer['scopes'] {
    const readable = readableScopes(this.branch.authority(request.actor, this.clock.now))
    const news: SyncAnswer['scopes'] = {}
    for (const scope of Object.keys(request.pull)) {
      if (!readable.some((each) => each === scope)) news[scope] = { is: 'gone' }
    }
    for (const scope of readable) {
      const feed = this.feeds.get(scope)
      if (feed === undefined) continue
      const cursor = request.pull[scope]
      const isReset = cursor?.epoch !== this.epoch
      const from = isReset ? 0 : (cursor?.seq ?? 0)
      if (!isReset && from === feed.head) continue
      const rows = [...feed.rows.values()].filter(({ seq }) => seq > from).sort((a, b) => a.seq - b.seq)
      const page = rows.slice(0, this.rowLimit)
      news[scope] = {
        is: 'rows',
        epoch: this.epoch,
        from,
        seq: page.at(-1)?.seq ?? from,
        isReset,
        hasMore: rows.length > page.length,
        rows: page.map(({ row }) => row),
      }
    }
    return news
  }
}
