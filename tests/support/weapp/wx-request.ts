import http from 'node:http'
import https from 'node:https'
import type { Handset, SentRequest } from './handset'
import type { Realm } from './realm'
import { answering, type Callbacks } from './wx-call'

interface RequestOptions extends Callbacks {
  url: string
  method?: string
  data?: unknown
  header?: Record<string, string>
  timeout?: number
  dataType?: string
  responseType?: 'text' | 'arraybuffer'
}

interface Answer {
  status: number
  header: http.IncomingHttpHeaders
  body: Buffer
}

const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']

/** wx.request over real HTTP. It succeeds with any status, knows no PATCH, and fails with
 *  `request:fail …` without signal or when the test drops the request or its answer. */
export function requestApi(realm: Realm, handset: Handset): (options: RequestOptions) => object | undefined {
  return (options) => {
    const abort = new AbortController()
    const send = answering<RequestOptions>(realm, 'request', async (given) => {
      const sent = prepare(given, handset)
      handset.requests.push(sent)
      const verdict = handset.signal ? (handset.onRequest?.(sent) ?? 'pass') : 'no signal'
      if (verdict === 'no signal' || verdict === 'drop-request') {
        sent.outcome = verdict === 'no signal' ? verdict : 'dropped'
        throw new Error('')
      }
      sent.outcome = 'failed'
      const answer = await exchange(sent, given.timeout ?? 60_000, abort.signal)
      sent.outcome = verdict === 'drop-answer' || !handset.signal ? 'answer dropped' : answer.status
      if (sent.outcome === 'answer dropped') throw new Error('')
      const header = realm.copy(answer.header)
      return {
        data: dataOf(realm, given, answer),
        statusCode: answer.status,
        header,
        cookies: realm.copy([]),
      }
    })
    const promise = send(options)
    const task = { abort: () => abort.abort(), onHeadersReceived() {}, offHeadersReceived() {} }
    return promise ? Object.assign(promise, task) : realm.object(task)
  }
}

function prepare(given: RequestOptions, handset: Handset): SentRequest {
  const method = (given.method ?? 'GET').toUpperCase()
  if (!methods.includes(method)) throw new Error(`method ${method} is not supported`)
  if (!/^https?:\/\//.test(given.url)) throw new Error(`invalid url "${given.url}"`)
  const url = new URL(given.url)
  const target = handset.serverUrl ? new URL(`${url.pathname}${url.search}`, handset.serverUrl) : url
  const header = Object.fromEntries(
    Object.entries(given.header ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  header['content-type'] ??= 'application/json'
  const { data } = given
  const isRecord = typeof data === 'object' && data !== null
  const form = () => new URLSearchParams(data as Record<string, string>)
  let body = ''
  if (method === 'GET' && isRecord)
    for (const [name, value] of form()) target.searchParams.append(name, value)
  else if (isRecord)
    body = header['content-type'].includes('urlencoded') ? form().toString() : JSON.stringify(data)
  else if (data !== undefined) body = String(data)
  return { method, url: target.href, header, body, outcome: undefined }
}

function dataOf(realm: Realm, given: RequestOptions, { body }: Answer): unknown {
  if (given.responseType === 'arraybuffer') {
    const copy = new realm.intrinsics.ArrayBuffer(body.length)
    Buffer.from(copy).set(body)
    return copy
  }
  const text = body.toString()
  if ((given.dataType ?? 'json') !== 'json') return text
  try {
    return realm.intrinsics.JSON.parse(text)
  } catch {
    return text
  }
}

/** One connection for each request: nothing is kept open that a test would have to close. */
function exchange(sent: SentRequest, timeout: number, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { request } = sent.url.startsWith('https:') ? https : http
    const headers = { ...sent.header, ...(sent.body && { 'content-length': Buffer.byteLength(sent.body) }) }
    const asked = request(
      sent.url,
      { method: sent.method, headers, agent: false, timeout, signal },
      (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, header: answer.headers, body: Buffer.concat(pieces) }),
        )
        answer.on('error', reject)
      },
    )
    asked.on('timeout', () => asked.destroy(new Error('timeout')))
    asked.on('error', (error) => reject(new Error(signal.aborted ? 'abort' : error.message)))
    asked.end(sent.body || undefined)
  })
}
