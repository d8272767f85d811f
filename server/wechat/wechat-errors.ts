export type WechatRefusal = 'code-invalid' | 'too-frequent' | 'blocked'

/** WeChat lets this person not in: the code is wrong, used or old; too many asked this minute; or
 *  WeChat holds the account for a risk. */
export class WechatRefused extends Error {
  constructor(
    readonly code: WechatRefusal,
    readonly errcode?: number,
  ) {
    super(`WeChat refused: ${code}`)
  }
}

/** WeChat did not answer, or not in its own words: later it may. */
export class WechatUnavailable extends Error {
  constructor(
    reason: string,
    readonly errcode?: number,
    /** Nothing of the request can have reached WeChat. */
    readonly isUnsent = false,
  ) {
    super(`WeChat is unavailable: ${reason}`)
  }
}

/** WeChat refuses this server, whoever signs in: somebody has to set something right. */
export class WechatMisconfigured extends Error {
  constructor(
    reason: string,
    readonly errcode?: number,
  ) {
    super(`WeChat refuses this server (${errcode}): ${reason}`)
  }
}

const refusals: Readonly<Record<number, WechatRefusal>> = {
  40029: 'code-invalid',
  40163: 'code-invalid', // used before
  41008: 'code-invalid', // empty
  45009: 'too-frequent',
  45011: 'too-frequent',
  40226: 'blocked',
}

const misconfigurations: Readonly<Record<number, string>> = {
  40001: 'the AppSecret is wrong, or something else keeps ending our access tokens',
  40013: 'the AppID is wrong',
  40125: 'the AppSecret is wrong',
  40037: 'the template of the reminders is not one of this account',
  40164: 'this server’s IP address is not in the allow list of the account',
  40243: 'the AppSecret is frozen',
  41002: 'there is no AppID',
  41004: 'there is no AppSecret',
  41030: 'the page is not in the published version of the mini-program',
  48001: 'the account may not use this interface',
  50002: 'the account is restricted',
  50004: 'the account may not have access tokens',
  50007: 'the account is frozen',
  89501: 'the account’s administrator has yet to confirm this IP address',
  89503: 'the account’s administrator has to confirm this IP address',
  89506: 'the account’s administrator has turned this IP address away for a day',
  89507: 'the account’s administrator has turned this IP address away for an hour',
}

const busy = -1
/** Of an access token: it is not the latest, it is no such thing, it has run out. */
const staleTokens: readonly unknown[] = [40001, 40014, 42001]

export const isBusy = (error: unknown) => error instanceof WechatUnavailable && error.errcode === busy

export const isStaleToken = (error: unknown) =>
  (error instanceof WechatUnavailable || error instanceof WechatMisconfigured) &&
  staleTokens.includes(error.errcode)

/** What an `errcode` other than 0 means. The `errmsg` beside it goes nowhere: nobody promises what it
 *  holds. */
export function failureOf(errcode: number): Error {
  const refusal = refusals[errcode]
  if (refusal !== undefined) return new WechatRefused(refusal, errcode)
  const misconfiguration = misconfigurations[errcode]
  if (misconfiguration !== undefined) return new WechatMisconfigured(misconfiguration, errcode)
  return new WechatUnavailable(errcode === busy ? 'it is busy' : `it answered ${errcode}`, errcode)
}
