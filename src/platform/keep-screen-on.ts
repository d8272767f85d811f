import Taro from '@tarojs/taro'

/** Keeps the phone from going dark while something is held up to be read. Only on weapp; a phone that
 *  will not does no harm. */
export function keepScreenOn(isOn: boolean): void {
  if (process.env.TARO_ENV === 'h5' || !Taro.canIUse('setKeepScreenOn')) return
  Taro.setKeepScreenOn({ keepScreenOn: isOn }).catch(() => undefined)
}
