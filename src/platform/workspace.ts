import * as v from 'valibot'
import { consentVersion } from '#domain/consent'
import type { PersonId } from '#domain/ids'
import { type DemoPerson, demoPeopleSchema, wechatSignInAnswerSchema } from '#protocol/sessions'
import { type Welcome, welcomeSchema } from '#protocol/welcome'
import type { KeyValueStore } from '#sync/key-value-store'
import { Replica } from '#sync/replica'
import { SignedOut, Unreachable } from '#sync/server-link'
import { type Connection, SyncLoop } from '#sync/sync-loop'
import { attemptFor, forgetAttempt } from './attempt'
import type { Files, PickedFile } from './files'

export type { PickedFile } from './files'

import type { Http, HttpRequest } from './http'
import type { PrivacyGate } from './privacy'
import type { Reminding } from './reminding'
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

/** Something went wrong, in words that say what to do. */
interface Said {
  readonly is: 'said'
  readonly message: string
}
const said = (message: string): Said => ({ is: 'said', message })
const noAnswer = '没有连上服务器，请检查网络后再试'

/** `unbound`: nobody has bound this WeChat account; an invitation given with the ticket does. */
export type SignInResult =
  | { readonly is: 'signed-in' }
  | { readonly is: 'unbound'; readonly ticket: string }
  | Said

export type Called<T> = { readonly is: 'done'; readonly value: T } | Said

export type OnlineRequest =
  | Omit<HttpRequest, 'accessToken'>
  | { readonly path: string; readonly file: PickedFile }

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
  readonly files: Files
  readonly reminding: Reminding
  /** Only inside WeChat. */
  readonly privacy: PrivacyGate | undefined
  /** What WeChat says of who holds the phone; undefined outside WeChat. */
  readonly wechatCode: (() => Promise<string | undefined>) | undefined
  readonly systemWantsLargeType: () => boolean
  /** Tells whoever mends the app of an error, without what anybody wrote. */
  readonly reportFault: (error: unknown) => void
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

  /** For something new that its author names: twelve letters and digits that nobody else thinks of. */
  newName(): string {
    return Array.from({ length: 12 }, () => Math.floor(this.options.random() * 36).toString(36)).join('')
  }

  signInToDemo(personId: PersonId): Promise<SignInResult> {
    return this.signIn('/v1/sessions/demo', { personId })
  }

  /** With a ticket, the WeChat account it stands for is bound to the person. */
  async signInByInvitation(code: string, ticket?: string): Promise<SignInResult> {
    const attempt = await attemptFor(this.options.store, code, this.options.newDevice)
    const body = { code, attempt, consent: consentVersion, ...(ticket === undefined ? {} : { ticket }) }
    const result = await this.signIn('/v1/sessions/invitation', body)
    if (result.is === 'signed-in') await forgetAttempt(this.options.store)
    return result
  }

  /** Only inside WeChat. */
  async signInByWechat(): Promise<SignInResult> {
    const code = await this.options.wechatCode?.()
    if (code === undefined) return said('微信登录没有成功，请再试一次，或用邀请码登录')
    return this.signIn('/v1/sessions/wechat', { code, consent: consentVersion })
  }

  /** Asks the server something now, as whoever is signed in. What is wanted online is told online:
   *  nothing of it is kept on the phone. */
  async call<T>(request: OnlineRequest, schema: v.GenericSchema<unknown, T>): Promise<Called<T>> {
    try {
      const answer = await this.sessions.authorised((accessToken) =>
        'file' in request
          ? this.options.files.upload(request.path, request.file, accessToken)
          : this.options.http({ ...request, accessToken }),
      )
      if (answer.is === 'problem') return said(answer.problem.message)
      const parsed = v.safeParse(schema, answer.body)
      return parsed.success ? { is: 'done', value: parsed.output } : said('应用版本太旧，请更新后再试')
    } catch (error) {
      if (error instanceof Unreachable) return said(noAnswer)
      if (error instanceof SignedOut) return said('登录已失效，请重新登录')
      throw error
    }
  }

  /** Fetches a file and opens it, or hands it to the browser; says what went wrong. */
  async openFile(path: string, name: string): Promise<string | undefined> {
    try {
      const answer = await this.sessions.authorised((accessToken) =>
        this.options.files.open(path, name, accessToken),
      )
      return answer.is === 'problem' ? answer.problem.message : undefined
    } catch (error) {
      if (error instanceof Unreachable) return noAnswer
      if (error instanceof SignedOut) return '登录已失效，请重新登录'
      throw error
    }
  }

  readonly reportFault = (error: unknown): void => this.options.reportFault(error)

  get isInWechat(): boolean {
    return this.options.wechatCode !== undefined
  }

  get files(): Files {
    return this.options.files
  }

  get reminding(): Reminding {
    return this.options.reminding
  }

  get privacy(): PrivacyGate | undefined {
    return this.options.privacy
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

  private async signIn(path: string, body: object): Promise<SignInResult> {
    try {
      const answer = await this.options.http({ method: 'POST', path, body })
      if (answer.is === 'problem') return said(answer.problem.message)
      const wechat = v.safeParse(wechatSignInAnswerSchema, answer.body)
      const byWechat = wechat.success ? wechat.output : undefined
      if (byWechat?.is === 'unbound') return byWechat
      const session = await this.sessions.begin(byWechat?.session ?? answer.body)
      await this.enter(session.personId, session.name)
      return { is: 'signed-in' }
    } catch (error) {
      if (error instanceof Unreachable) return said(noAnswer)
      throw error
    }
  }

  private async enter(personId: PersonId, name: string): Promise<void> {
    const { store, now, newDevice, random, setTimer, clearTimer } = this.options
    this.loop?.sleep()
    this.release?.()
    this.release = await this.options.claim(personId, () => this.set({ phase: { is: 'elsewhere' } }))
    const { APP_VERSION: version } = process.env
    const replica = await Replica.open({ store, personId, now, newDevice, version })
    this.set({ phase: { is: 'signed-in', name, replica, connection: 'connecting' } })
    const loop = new SyncLoop({
      replica,
      link: httpServerLink(this.options.http, this.sessions),
      onConnection: (connection) => {
        if (this.loop !== loop || this.state.phase.is !== 'signed-in') return
        if (this.state.phase.connection !== connection)
          this.set({ phase: { ...this.state.phase, connection } })
      },
      now,
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
