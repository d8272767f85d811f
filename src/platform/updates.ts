import Taro from '@tarojs/taro'
import { keepAppOffline } from './service-worker'

/** Tells when a newer version of the app is ready, and how to change over. Never by itself: somebody
 *  may be in the middle of a sentence. */
export function onAppUpdate(onUpdate: (apply: () => void) => void): void {
  if (process.env.TARO_ENV === 'h5') {
    keepAppOffline(onUpdate).catch(() => undefined) // without it the app needs the network to open
    return
  }
  if (!Taro.canIUse('getUpdateManager')) return
  const manager = Taro.getUpdateManager()
  manager.onUpdateReady(() => onUpdate(() => manager.applyUpdate()))
}
