interface Asked {
  url: string
  method?: string
  data?: string
  header?: Record<string, string>
  timeout?: number
}

/** `Taro.request` as both platforms keep it: any status is a success, and what brings no answer in
 *  time is a failure. Time runs twenty-fold, so that a test need not wait for the app's patience. */
export async function request({ url, method, data, header, timeout = 60_000 }: Asked) {
  const signal = AbortSignal.timeout(timeout / 20)
  const response = await fetch(url, {
    signal,
    ...(method === undefined ? {} : { method }),
    ...(data === undefined ? {} : { body: data }),
    ...(header === undefined ? {} : { headers: header }),
  })
  return { statusCode: response.status, data: await response.text(), errMsg: 'request:ok' }
}
