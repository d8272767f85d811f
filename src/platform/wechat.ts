import Taro from '@tarojs/taro'

/** A code of `wx.login`, good once and for five minutes; undefined when WeChat gives none. */
export async function wechatCode(): Promise<string | undefined> {
  try {
    const { code } = await Taro.login({ timeout: 10_000 })
    return code === '' ? undefined : code
  } catch {
    return undefined
  }
}
