import Taro from '@tarojs/taro'
import type { ClientError } from '#protocol/account'
import { type Http, lastRequests } from './http'

/** At most so many reports in one visit: what fails once fails often. */
const reportLimit = 5

/** What an error may tell: its kind and the places in our code. Its message stays here, for it can
 *  hold what somebody wrote. */
export function traceOf(error: unknown): Pick<ClientError, 'name' | 'frames'> {
  const isError = typeof error === 'object' && error !== null
  const stack = isError && 'stack' in error ? String(error.stack) : typeof error === 'string' ? error : ''
  const name = isError && 'name' in error ? String(error.name) : /^\w*Error/.exec(stack)?.[0]
  const frames = stack.split('\n').flatMap((line) => {
    const place = /([\w.-]+):(\d+):(\d+)\)?\s*$/.exec(line)
    if (place === null) return []
    const [, file = '', row, column] = place
    const called = /^\s*at ([\w.$<>]{1,40}) \(/.exec(line)?.[1]
    return [`${called === undefined ? '' : `${called} `}${file.slice(0, 40)}:${row}:${column}`]
  })
  return { name: /^[A-Za-z]{1,40}$/.exec(name ?? '')?.[0] ?? 'Error', frames: frames.slice(0, 8) }
}

/** Tells the server of errors nobody caught, each kind once in a visit. Without network it is let go:
 *  nothing of a person's depends on it. */
export function reportFaults(http: Http, version: string): (error: unknown) => void {
  const told = new Set<string>()
  const report = (error: unknown) => {
    const trace = traceOf(error)
    const kind = `${trace.name} ${trace.frames[0]}`
    if (told.has(kind) || told.size >= reportLimit) return
    told.add(kind)
    const platform = process.env.TARO_ENV === 'h5' ? 'h5' : 'weapp'
    const body: ClientError = { version, platform, page: pageNow(), ...trace, requests: lastRequests() }
    http({ method: 'POST', path: '/v1/client-errors', body }).catch(() => undefined)
  }
  if (process.env.TARO_ENV === 'h5') {
    window.addEventListener('error', (event) => report(event.error))
    window.addEventListener('unhandledrejection', (event) => report(event.reason))
  } else {
    Taro.onError((message) => report(message))
    Taro.onUnhandledRejection(({ reason }) => report(reason))
  }
  return report
}

/** The path of the page in front, without what was asked of it. */
function pageNow(): string {
  const pages = Taro.getCurrentPages()
  const page = pages[pages.length - 1]?.route ?? ''
  return /^[a-z/-]{0,60}/.exec(page.replace(/^\//, ''))?.[0] ?? ''
}
