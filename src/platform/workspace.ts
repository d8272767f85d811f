import * as v from 'valibot'
import type { PersonId } from '#domain/ids'
import { type DemoPerson, demoPeopleSchema } from '#protocol/sessions'
import { type Welcome, welcomeSchema } from '#protocol/welcome'
import type { KeyValueStore } from '#sync/key-value-store'
import { Replica } from '#sync/replica'
import { Unreachable } from '#sync/server-link'
import { type Connection, SyncLoop } from '#sync/sync-loop'
import type { Http } from './http'
import { httpServerLink } from './server-link'
import { SessionKeeper } from './session-keeper'

export type Phase =
  | { readonly is: 'starting' }
  /** The phone's storage cannot be read: nothing is shown as empty that may not be. */
  | { readonly is: 'storage-trouble' }
  /** The app is open as this person in another tab: two would give out the same ids. */
  | { readonly is: 'elsewhere' }
  | { readonly is: 'guest' }
  | {
      readonly is: 'signed-in'
      readonly name: string
      readonly replica: Replica
      readonly connection: Connection
    }

export interface WorkspaceState {
  readonly phase: Phase
  readonly welcome: Welcome | undefined
  /** People to pick from; only a demo has any. */
  readonly demoPeople: readonly DemoPerson[]
  readonly isLargeType: boolean
  readonly applyUpdate: (() => void) | undefined
}

export interface WorkspaceOptions {
  readonly store: KeyValueStore
  readonly http: Http
  readonly now: () => number
  readonly random: () => number
  readonly newDevice: () => Promise<string>
  readonly systemWantsLargeType: () => boolean
  /** Waits until this person's records are open here alone; returns how to let go. */
  readonly claim: (personId: PersonId, onWaiting: () => void) => Promise<() => void>
  readonly setTimer: (work: () => void, delayMs: number) => unknown
  readonly clearTimer: (timer: unknown) => void
}

/** Everything the screens stand on: who is signed in, their replica, and how it keeps in step. */
export class Workspace {
  private state: WorkspaceState
  private readonly listeners = new Set<() => void>()
  private readonly sessions: SessionKeeper
  private loop: SyncLoop | undefined
  private isInFront = true
  private release: (() => void) | undefined

  constructor(private readonly options: WorkspaceOptions) {
    this.sessions = new SessionKeeper(options.store, options.http, options.now)
    this.state = {
      phase: { is: 'starting' },
      welcome: undefined,
      demoPeople: [],
      isLargeType: options.systemWantsLargeType(),
      applyUpdate: undefined,
    }
  }

  readonly getState = (): WorkspaceState => this.state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Opens what is on the phone, then asks the server. `as` is a link of the demo. */
  async start(as?: PersonId, isLargeType = false): Promise<void> {
    try {
      const kept = await this.options.store.get('large-type')
      if (kept !== undefined) this.set({ isLargeType: kept === '1' })
      else if (isLargeType) this.set({ isLargeType })
      const session = await this.sessions.resume(as)
      if (session !== undefined) await this.enter(session.personId, session.name)
      else if (as !== undefined) await this.signInToDemo(as)
      if (this.state.phase.is === 'starting') this.set({ phase: { is: 'guest' } })
    } catch (error) {
      if (!(error instanceof Unreachable)) this.set({ phase: { is: 'storage-trouble' } })
      else if (this.state.phase.is === 'starting') this.set({ phase: { is: 'guest' } })
    }
    await this.fetchWelcome()
  }

  /** What anybody may see; without network what was known stays. */
  async fetchWelcome(): Promise<void> {
    const welcome = await this.fetched('/v1/welcome', welcomeSchema)
    if (welcome !== undefined) this.set({ welcome })
    if (welcome?.isDemo !== true) return
    const demo = await this.fetched('/v1/demo/people', demoPeopleSchema)
    if (demo !== undefined) this.set({ demoPeople: demo.people })
  }

  signInToDemo(personId: PersonId): Promise<string | undefined> {
    return this.signIn('/v1/sessions/demo', { personId })
  }

  signInByInvitation(code: string): Promise<string | undefined> {
    return this.signIn('/v1/sessions/invitation', { code })
  }

  async signOut(): Promise<void> {
    if (this.state.phase.is !== 'signed-in') return
    this.loop?.sleep()
    this.loop = undefined
    const { replica } = this.state.phase
    this.set({ phase: { is: 'guest' } })
    await this.sessions.signOut()
    await replica.dropCaches() // the outbox stays for its owner
    this.release?.()
    this.release = undefined
  }

  async setLargeType(isLargeType: boolean): Promise<void> {
    this.set({ isLargeType })
    await this.options.store.set('large-type', isLargeType ? '1' : '0')
  }

  offerUpdate(applyUpdate: () => void): void {
    this.set({ applyUpdate })
  }

  /** Something was recorded, or somebody pulled to refresh. */
  syncNow(): void {
    this.loop?.now()
  }

  watch(): () => void {
    return this.loop?.watch() ?? (() => undefined)
  }

  shown(): void {
    this.isInFront = true
    this.loop?.wake()
  }

  hidden(): void {
    this.isInFront = false
    this.loop?.sleep()
  }

  private async signIn(path: string, body: object): Promise<string | undefined> {
    try {
      const result = await this.sessions.signIn(path, body)
      if ('message' in result) return result.message
      await this.enter(result.session.personId, result.session.name)
      return undefined
    } catch (error) {
      if (error instanceof Unreachable) return '没有连上服务器，请检查网络后再试'
      throw error
    }
  }

  private async enter(personId: PersonId, name: string): Promise<void> {
    const { store, now, newDevice, random, setTimer, clearTimer } = this.options
    this.loop?.sleep()
    this.release?.()
    this.release = await this.options.claim(personId, () => this.set({ phase: { is: 'elsewhere' } }))
    const replica = await Replica.open({ store, personId, now, newDevice })
    this.set({ phase: { is: 'signed-in', name, replica, connection: 'connecting' } })
    const loop = new SyncLoop({
      replica,
      link: httpServerLink(this.options.http, this.sessions),
      onConnection: (connection) => {
        if (this.loop !== loop || this.state.phase.is !== 'signed-in') return
        if (this.state.phase.connection !== connection)
          this.set({ phase: { ...this.state.phase, connection } })
      },
      random,
      setTimer,
      clearTimer,
    })
    this.loop = loop
    if (this.isInFront) loop.wake()
  }

  private async fetched<T>(path: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
    try {
      const answer = await this.options.http({ method: 'GET', path })
      const parsed = answer.is === 'ok' ? v.safeParse(schema, answer.body) : undefined
      return parsed?.success ? parsed.output : undefined
    } catch (error) {
      if (error instanceof Unreachable) return undefined
      throw error
    }
  }

  private set(change: Partial<WorkspaceState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}
