import { useEffect, useRef } from 'react'

/** A double of '@tarojs/taro': calls are recorded, life-cycle hooks run when the page is drawn.
 *  A test says what the route's parameters are with `routeTo`. */
type Callback = () => void

/** Which build a component believes it is in; the doubles start with H5. */
export function onPlatform(name: 'weapp' | 'h5') {
  Object.assign(process.env, { TARO_ENV: name })
}

let params: Record<string, string> = {}

export function routeTo(next: Record<string, string>) {
  params = next
}

export const useRouter = () => ({ params, path: '' })
export const getCurrentInstance = () => ({ router: { params, path: '' }, page: {} })

function useOnce(callback: Callback) {
  const latest = useRef(callback)
  latest.current = callback
  useEffect(() => latest.current(), [])
}

export const useLoad = (callback: (options: Record<string, string>) => void) =>
  useOnce(() => callback(params))
export const useDidShow = (callback: Callback) => useOnce(callback)
export const useReady = (callback: Callback) => useOnce(callback)

/** The ones below are kept until a test pulls, leaves or reaches the end: `happens('useDidHide')`. */
const waiting = new Map<string, Set<Callback>>()

function useLater(name: string, callback: Callback) {
  const latest = useRef(callback)
  latest.current = callback
  useEffect(() => {
    const listener = () => latest.current()
    const listeners = waiting.get(name) ?? new Set()
    waiting.set(name, listeners.add(listener))
    return () => {
      listeners.delete(listener)
    }
  }, [name])
}

export const useDidHide = (callback: Callback) => useLater('useDidHide', callback)
export const useUnload = (callback: Callback) => useLater('useUnload', callback)
export const usePullDownRefresh = (callback: Callback) => useLater('usePullDownRefresh', callback)
export const useReachBottom = (callback: Callback) => useLater('useReachBottom', callback)
export const useShareAppMessage = (_callback: () => unknown) => undefined

export function happens(name: 'useDidHide' | 'useUnload' | 'usePullDownRefresh' | 'useReachBottom') {
  for (const listener of waiting.get(name) ?? []) listener()
}

const done = () => jest.fn(async (_options?: object) => ({ errMsg: 'ok' }))

export const navigateTo = done()
export const navigateBack = done()
export const redirectTo = done()
export const reLaunch = done()
export const switchTab = done()
export const showToast = done()
export const hideToast = done()
export const showLoading = done()
export const hideLoading = done()
export const setNavigationBarTitle = done()
export const stopPullDownRefresh = jest.fn()
export const setClipboardData = done()
export const pageScrollTo = done()
export const showModal = jest.fn(async (_options?: object) => ({
  confirm: true,
  cancel: false,
  errMsg: 'ok',
}))
export const getCurrentPages = jest.fn((): object[] => [{}])

export default {
  useRouter,
  getCurrentInstance,
  useLoad,
  useDidShow,
  useReady,
  useDidHide,
  useUnload,
  usePullDownRefresh,
  useReachBottom,
  useShareAppMessage,
  navigateTo,
  navigateBack,
  redirectTo,
  reLaunch,
  switchTab,
  showToast,
  hideToast,
  showLoading,
  hideLoading,
  setNavigationBarTitle,
  stopPullDownRefresh,
  setClipboardData,
  pageScrollTo,
  showModal,
  getCurrentPages,
}
