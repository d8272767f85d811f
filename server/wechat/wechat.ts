import { sealer } from '../seal'
import type { WechatSettings } from '../settings'
import type { Database } from '../storage/database'
import { MessagePush } from './message-push'
import { WechatAccounts } from './wechat-accounts'
import { WechatApi } from './wechat-api'

/** Everything that has to do with WeChat, where it is set up. */
export interface Wechat {
  readonly api: WechatApi
  readonly accounts: WechatAccounts
  readonly push: MessagePush | undefined
  /** The platform's word on who asks is trusted. */
  readonly isCloud: boolean
}

export async function openWechat(
  database: Database,
  { appId, secret, baseUrl, secretKey, push, isCloud }: WechatSettings,
  now: () => number,
): Promise<Wechat> {
  return {
    api: new WechatApi({ appId, secret, baseUrl, now }),
    accounts: await WechatAccounts.open(database, sealer(secretKey), now),
    push: push && new MessagePush({ appId, token: push.token, encodingAesKey: push.aesKey, now }),
    isCloud,
  }
}
