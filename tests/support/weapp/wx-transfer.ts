import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type { Handset, SentRequest } from './handset'
import type { Realm } from './realm'
import { wechatOf } from './wechat-side'
import { type Api, answering, type Callbacks } from './wx-call'

interface TransferOptions extends Callbacks {
  url: string
  filePath?: string
  name?: string
  fileName?: string
  header?: Record<string, string>
  formData?: Record<string, string>
}

interface Answer {
  readonly status: number
  readonly header: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** wx.uploadFile and wx.downloadFile over real HTTP. As wx.request, they succeed with any status: a
 *  problem's words are then in the file. */
export function transferApi(realm: Realm, handset: Handset): Api {
  const { files } = wechatOf(handset)
  return {
    uploadFile: transfer(realm, 'uploadFile', async (given) => {
      const bytes = files.get(given.filePath ?? '')
      if (bytes === undefined) throw new Error('file not found')
      const boundary = `----stand-in-${randomBytes(8).toString('hex')}`
      const body = multipart(boundary, given, bytes)
      const header = { ...given.header, 'content-type': `multipart/form-data; boundary=${boundary}` }
      const { status, body: answer } = await exchange(handset, 'POST', given.url, header, body)
      return { statusCode: status, data: answer.toString() }
    }),
    downloadFile: transfer(realm, 'downloadFile', async (given) => {
      const { status, header, body } = await exchange(handset, 'GET', given.url, given.header ?? {})
      const path = given.filePath ?? `http://tmp/${randomBytes(8).toString('hex')}`
      files.set(path, body)
      return {
        statusCode: status,
        header: realm.copy(header),
        ...(given.filePath === undefined ? { tempFilePath: path } : { filePath: path }),
      }
    }),
  }
}

/** Each call gives a task beside its answer. */
function transfer(realm: Realm, name: string, work: (given: TransferOptions) => Promise<object>) {
  const send = answering<TransferOptions>(realm, name, work)
  const task = () =>
    realm.object({
      abort() {},
      onProgressUpdate() {},
      offProgressUpdate() {},
      onHeadersReceived() {},
      offHeadersReceived() {},
    })
  return (options: TransferOptions) => send(options) ?? task()
}

function multipart(boundary: string, given: TransferOptions, bytes: Buffer): Buffer {
  const fields = Object.entries(given.formData ?? {}).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const fileName = given.fileName ?? given.filePath?.split('/').pop() ?? 'file'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${given.name}"; filename="${fileName}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return Buffer.concat([Buffer.from(fields.join('') + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

async function exchange(
  handset: Handset,
  method: 'GET' | 'POST',
  url: string,
  header: Record<string, string>,
  body?: Buffer,
): Promise<Answer> {
  const asked = new URL(url)
  const target = handset.serverUrl ? new URL(`${asked.pathname}${asked.search}`, handset.serverUrl) : asked
  const sent: SentRequest = { method, url: target.href, header, body: '', outcome: undefined }
  handset.requests.push(sent)
  const verdict = handset.signal ? (handset.onRequest?.(sent) ?? 'pass') : 'no signal'
  if (verdict === 'no signal' || verdict === 'drop-request') {
    sent.outcome = verdict === 'no signal' ? verdict : 'dropped'
    throw new Error('')
  }
  sent.outcome = 'failed'
  const answer = await send(target, method, header, body)
  sent.outcome = verdict === 'drop-answer' || !handset.signal ? 'answer dropped' : answer.status
  if (sent.outcome === 'answer dropped') throw new Error('')
  return answer
}

function send(target: URL, method: string, header: Record<string, string>, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...header, ...(body && { 'content-length': body.length }) }
    const request = http.request(target, { method, headers, agent: false }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, header: answer.headers, body: Buffer.concat(pieces) }),
      )
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}
