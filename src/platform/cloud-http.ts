import Taro from '@tarojs/taro'
import { Unreachable } from '#sync/server-link'
import { type Http, headersOf, understood } from './http'

/** The service in WeChat's own hosting (微信云托管). */
export interface CloudService {
  /** 环境 ID */
  readonly env: string
  /** 服务名称 */
  readonly service: string
}

const timeoutMs = 15_000 // the platform takes none that is longer

/** Requests through WeChat's private network: no domain, and the platform tells the server who asks.
 *  It carries JSON up to 100 KiB and no files. Only on weapp.
 *  @throws {Unreachable} */
export function cloudHttp({ env, service }: CloudService, requestId: () => string): Http {
  let isOpen = false
  return async ({ method, path, body, accessToken }) => {
    let response: { statusCode: number; data: unknown }
    try {
      if (!isOpen) {
        Taro.cloud.init({ env })
        isOpen = true
      }
      response = await Taro.cloud.callContainer({
        config: { env },
        path,
        method,
        header: {
          'X-WX-SERVICE': service,
          'content-type': 'application/json',
          ...headersOf(requestId(), accessToken),
        },
        // As text: WeChat names objects and texts, and a list is neither.
        data: body === undefined ? undefined : JSON.stringify(body),
        timeout: timeoutMs,
      })
    } catch {
      throw new Unreachable('no answer')
    }
    return understood(response.statusCode, response.data)
  }
}
