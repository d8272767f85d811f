import type { Handset } from './handset'
import type { Realm } from './realm'
import { type WechatSide, wechatOf } from './wechat-side'
import { type Api, answering, type Callbacks } from './wx-call'

/** A refusal with WeChat's number, which `answering` alone does not know. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly errno: number,
  ) {
    super(message)
  }
}

const notAuthorized = () => new Refused('privacy permission is not authorized', 104)
const quietMs = 10_000

/** As `answering`, and a {@link Refused} carries its number. */
export function numbered<O extends object>(
  realm: Realm,
  name: string,
  answer: (options: O) => object | undefined | Promise<object | undefined>,
): (options?: O & Callbacks) => unknown {
  return (options) => {
    let errno: number | undefined
    const call = answering<O>(realm, name, async (given) => {
      try {
        return await answer(given)
      } catch (refused) {
        if (refused instanceof Refused) errno = refused.errno
        throw refused
      }
    })
    const withNumber = (hear: ((result: never) => void) | undefined) => (result: object) =>
      hear?.((errno === undefined ? result : realm.object({ ...result, errno })) as never) // what WeChat adds
    const hears = options?.success ?? options?.fail ?? options?.complete
    if (hears)
      return call({
        ...(options as O & Callbacks), // some callback is in it
        fail: withNumber(options?.fail),
        complete: withNumber(options?.complete),
      })
    return new realm.intrinsics.Promise((success, fail) =>
      call({ ...((options ?? {}) as O), success, fail: withNumber(fail) }),
    )
  }
}

interface Decision {
  event: 'exposureAuthorization' | 'agree' | 'disagree'
  buttonId?: string
}
type Listener = (resolve: (decision: Decision) => void, about: { referrer: string }) => void

/** WeChat's guard over what needs consent, in one run of the app. */
export class WxPrivacy {
  readonly api: Api
  private readonly side: WechatSide
  private listener: Listener | undefined

  constructor(
    private readonly realm: Realm,
    handset: Handset,
  ) {
    this.side = wechatOf(handset)
    this.side.realm = realm
    this.side.tapped.clear()
    this.api = {
      onNeedPrivacyAuthorization: (listener: Listener) => {
        this.listener = listener // the last one alone is asked
      },
      getPrivacySetting: numbered(realm, 'getPrivacySetting', () => ({
        needAuthorization: this.side.declared.size > 0 && !this.side.hasAgreed,
        privacyContractName: '《周汇朝学小程序隐私保护指引》',
      })),
      openPrivacyContract: numbered(realm, 'openPrivacyContract', () => {
        this.side.contractsOpened += 1
        return undefined
      }),
      requirePrivacyAuthorize: numbered(realm, 'requirePrivacyAuthorize', async () => {
        await this.allow('requirePrivacyAuthorize')
        return undefined
      }),
    }
  }

  /** Holds a call until the person agreed; throws what the call fails with. */
  async allow(api: string): Promise<void> {
    const { side } = this
    if (api !== 'requirePrivacyAuthorize' && !side.declared.has(api))
      throw new Refused('api scope is not declared in the privacy agreement', 112)
    if (side.hasAgreed) return
    if (Date.now() - side.refusedAt < quietMs) throw notAuthorized()
    side.questions.push(api)
    if (await this.ask(api)) {
      side.hasAgreed = true
      return
    }
    side.refusedAt = Date.now()
    throw notAuthorized()
  }

  /** Without a listener WeChat shows a dialog of its own, which nobody in a test answers. */
  private ask(api: string): Promise<boolean> {
    const { listener, side } = this
    if (listener === undefined) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      const settle = ({ event, buttonId = '' }: Decision) => {
        if (event === 'exposureAuthorization') side.exposures += 1
        else if (event === 'disagree') resolve(false)
        else if (side.tapped.has(buttonId)) resolve(true)
        else reject(new Refused('click action before resolve is needed', 104))
      }
      this.realm.enter('onNeedPrivacyAuthorization', () =>
        listener(settle, this.realm.object({ referrer: api })),
      )
    })
  }
}
