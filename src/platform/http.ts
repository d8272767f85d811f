import Taro from '@tarojs/taro'
import * as v from 'valibot'
import { type Problem, problemSchema } from '#protocol/problem'
import { Unreachable } from '#sync/server-link'

const usualTimeoutMs = 15_000

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  readonly accessToken?: string
  /** For an answer that takes longer than others. WeChat's own hosting gives up after 15 s all the same. */
  readonly timeoutMs?: number
}

export type HttpAnswer =
  | { readonly is: 'ok'; readonly body: unknown }
  | { readonly is: 'problem'; readonly status: number; readonly problem: Problem['error'] }

/** One request, on both platforms. Whatever is not our server's JSON (a login page of a hotel's
 *  network, a proxy's error) counts as no answer: nothing is known of what happened.
 *  @throws {Unreachable} */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>

let requests: readonly string[] = []

/** The names of the last three requests, the newest last. */
export const lastRequests = (): string[] => [...requests]

/** Names a request, so that what a phone saw can be found in the server's log. */
export function newRequestId(): string {
  const id = Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  requests = [...requests, id].slice(-3)
  return id
}

/** What every request says of itself. */
export const headersOf = (requestId: string, accessToken: string | undefined): Record<string, string> => ({
  'x-request-id': requestId,
  ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
})

export const taroHttp =
  (serverUrl: string, requestId: () => string): Http =>
  async ({ method, path, body, accessToken, timeoutMs = usualTimeoutMs }) => {
    // WeChat calls every POST JSON, and nothing at all is none: the server would turn it away.
    const data = method === 'POST' ? JSON.stringify(body ?? {}) : undefined
    let response: { statusCode: number; data: unknown }
    try {
      response = await Taro.request({
        url: `${serverUrl}${path}`,
        method,
        data,
        header: {
          ...(data === undefined ? {} : { 'content-type': 'application/json' }),
          ...headersOf(requestId(), accessToken),
        },
        dataType: 'text', // parsed below, so that HTML is an answer we can judge
        responseType: 'text',
        timeout: timeoutMs,
      })
    } catch {
      throw new Unreachable('no answer')
    }
    return understood(response.statusCode, response.data)
  }

export function understood(status: number, data: unknown): HttpAnswer {
  if (status === 204) return { is: 'ok', body: undefined }
  const body = typeof data === 'string' ? parsedJson(data) : data
  if (status >= 200 && status < 300 && typeof body === 'object' && body !== null) return { is: 'ok', body }
  const problem = v.safeParse(problemSchema, body)
  if (!problem.success || status < 400) throw new Unreachable(`not our server's answer (${status})`)
  return { is: 'problem', status, problem: problem.output.error }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
