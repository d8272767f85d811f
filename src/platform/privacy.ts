import Taro from '@tarojs/taro'
import * as v from 'valibot'

/** What WeChat wants the person to agree to before the use under way goes on. */
export interface PrivacyQuestion {
  /** What the phone is wanted for: 「复制文字」. */
  readonly reason: string
  /** What WeChat calls our guide. */
  readonly contract: string
  /** It is on the screen. WeChat shows a dialog of its own when nobody says so. */
  readonly onShown: () => void
  readonly onReadContract: () => void
  /** WeChat's own button with this id was tapped: it looks whether that is so. */
  readonly onAgree: (buttonId: string) => void
  readonly onRefuse: () => void
}

/** What became of a use that WeChat guards. */
export type Guarded<T> =
  | { readonly is: 'done'; readonly value: T }
  /** They went back by themselves. */
  | { readonly is: 'cancelled' }
  /** Nobody allowed it; says so, and how to allow it later. */
  | { readonly is: 'not-allowed'; readonly message: string }
  /** It did not work, for a reason that has nothing to do with consent. */
  | { readonly is: 'failed' }

type Answer = Taro.onNeedPrivacyAuthorization.ResolveOption
type Why = 'cancelled' | 'refused' | 'denied' | 'undeclared' | 'unknown'

const someContract = '《用户隐私保护指引》'

/** WeChat lets nobody use a guarded part of the phone before they agreed to the guide that we filed
 *  with it. It holds the use, asks us, and goes on or fails by what we answer. Only on weapp. */
export class PrivacyGate {
  private readonly listeners = new Set<() => void>()
  private readonly reasons: string[] = []
  private answers: ((answer: Answer) => void)[] = []
  private question: PrivacyQuestion | undefined
  private isShown = false
  private timesAsked = 0

  /** @param onUndeclared is told the name of a part that our guide with WeChat forgot */
  constructor(private readonly onUndeclared: (api: string) => void) {}

  /** WeChat before 2.32.3 asks nobody and lets every use pass. */
  listen(): void {
    if (!Taro.canIUse('onNeedPrivacyAuthorization')) return
    Taro.onNeedPrivacyAuthorization((answer) => this.ask(answer))
  }

  readonly getQuestion = (): PrivacyQuestion | undefined => this.question

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Uses a guarded part of the phone; `reason` is what the person reads if WeChat asks. */
  async guarded<T>(reason: string, use: () => Promise<T>): Promise<Guarded<T>> {
    const askedBefore = this.timesAsked
    this.reasons.push(reason)
    try {
      return { is: 'done', value: await use() }
    } catch (error) {
      const { why, api } = failureOf(error)
      if (why === 'cancelled') return { is: 'cancelled' }
      if (why === 'unknown') return { is: 'failed' }
      if (why === 'undeclared') this.onUndeclared(api)
      const wasAsked = this.timesAsked > askedBefore
      return { is: 'not-allowed', message: notAllowedText(why, reason, wasAsked) }
    } finally {
      this.reasons.splice(this.reasons.indexOf(reason), 1)
    }
  }

  /** Whether WeChat will ask at the next guarded use, and what it calls our guide; undefined where
   *  WeChat knows no such thing. */
  setting(): Promise<{ isNeeded: boolean; contract: string } | undefined> {
    if (!Taro.canIUse('getPrivacySetting')) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      Taro.getPrivacySetting({
        success: ({ needAuthorization, privacyContractName }) =>
          resolve({ isNeeded: needAuthorization, contract: privacyContractName || someContract }),
        fail: () => resolve(undefined),
      })
    })
  }

  openContract(): void {
    if (Taro.canIUse('openPrivacyContract')) Taro.openPrivacyContract({ fail: () => undefined })
  }

  /** Several uses at a time are one question: what is agreed to is the guide, not the use. */
  private ask(answer: (answer: Answer) => void): void {
    this.timesAsked += 1
    this.answers.push(answer)
    if (this.question !== undefined) {
      if (this.isShown) answer({ event: 'exposureAuthorization' })
      return
    }
    this.isShown = false
    this.show({
      reason: this.reasons[this.reasons.length - 1] ?? '使用这项功能',
      contract: someContract,
      onShown: () => this.shown(),
      onReadContract: () => this.openContract(),
      onAgree: (buttonId) => this.settle({ event: 'agree', buttonId }),
      onRefuse: () => this.settle({ event: 'disagree' }),
    })
    void this.setting().then((setting) => {
      if (this.question !== undefined && setting !== undefined)
        this.show({ ...this.question, contract: setting.contract })
    })
  }

  private shown(): void {
    if (this.isShown) return
    this.isShown = true
    for (const answer of this.answers) answer({ event: 'exposureAuthorization' })
  }

  private settle(decision: Answer): void {
    const answers = this.answers
    this.answers = []
    this.show(undefined)
    for (const answer of answers) answer(decision)
  }

  private show(question: PrivacyQuestion | undefined): void {
    this.question = question
    for (const listener of this.listeners) listener()
  }
}

/** What was not allowed, and how to allow it later. `wasAsked`: our question was on the screen; else
 *  WeChat turned it away by itself, as it does for ten seconds after a refusal. */
function notAllowedText(why: 'refused' | 'denied' | 'undeclared', reason: string, wasAsked: boolean): string {
  const others = '其他功能照常使用'
  switch (why) {
    case 'refused':
      return wasAsked
        ? `您选择了暂不同意，暂时不能${reason}。${others}；想用时再点一次，选择同意即可`
        : `还没有得到您的同意，暂时不能${reason}。微信在您拒绝后 10 秒内不再询问，请稍后再点一次`
    case 'denied':
      return `微信没有得到您的允许，暂时不能${reason}。${others}；想用时请点右上角「···」，在「设置」里允许`
    case 'undeclared':
      return `暂时不能${reason}：隐私保护指引里漏写了这一项，是我们的疏漏，已经自动报告。${others}`
  }
}

/** errno 112: the guide that we filed does not name this part (our fault). 104: the person has not
 *  agreed to the guide. 103: they refused in WeChat's own dialog, which also asks for the guide.
 *  Some phones leave the number out, so the words count as well. */
function failureOf(error: unknown): { why: Why; api: string } {
  const failure = v.safeParse(v.object({ errMsg: v.string(), errno: v.optional(v.unknown()) }), error)
  if (!failure.success) return { why: 'unknown', api: '' }
  const { errMsg, errno } = failure.output
  const api = /^(\w+):/.exec(errMsg)?.[1] ?? ''
  const has = (number: number, words: RegExp) => Number(errno) === number || words.test(errMsg)
  if (has(112, /not declared in the privacy agreement|privacy api banned/)) return { why: 'undeclared', api }
  if (has(104, /privacy permission is not authorized/)) return { why: 'refused', api }
  if (has(103, /auth(orize)? ?(deny|denied|no response)/)) return { why: 'denied', api }
  return { why: /fail (user )?cancel/.test(errMsg) ? 'cancelled' : 'unknown', api }
}

/** What is reported when our guide with WeChat forgot a part of the phone. */
export const asUndeclared = (api: string): Error => Object.assign(new Error(), { name: `Undeclared${api}` })
