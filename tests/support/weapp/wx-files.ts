import type { Handset } from './handset'
import type { Realm } from './realm'
import { wechatOf } from './wechat-side'
import { type Api, answering, type Callbacks } from './wx-call'
import { numbered, Refused, WxPrivacy } from './wx-privacy'
import { transferApi } from './wx-transfer'

type Encoding = 'utf8' | 'utf-8' | 'base64' | 'hex'
const documents = ['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'pdf']
const endingOf = (name: string) => name.split('.').pop() ?? ''

/** Who holds the phone, their files, clipboard and album, with the consent that WeChat asks for. */
export function personalApi(realm: Realm, handset: Handset): Api {
  const side = wechatOf(handset)
  const privacy = new WxPrivacy(realm, handset)
  const read = (path: string): Buffer => {
    const bytes = side.files.get(path)
    if (bytes === undefined) throw new Error(`no such file or directory, open '${path}'`)
    return bytes
  }
  /** Waits for consent first. */
  const guarded = <O extends object>(name: string, answer: (given: O) => object | undefined) =>
    numbered<O>(realm, name, async (given) => {
      await privacy.allow(name)
      return answer(given)
    })

  return {
    ...privacy.api,
    ...transferApi(realm, handset),
    login: answering(realm, 'login', () => ({ code: side.giveCode?.() ?? handset.loginCode })),
    chooseMessageFile: guarded<{ extension?: string[] }>('chooseMessageFile', ({ extension }) => {
      const file = side.chosen
      // A chat shows only files of the endings asked for.
      if (file === undefined || extension?.includes(endingOf(file.name)) === false) throw new Error('cancel')
      const path = `http://tmp/${side.files.size}.${endingOf(file.name)}`
      side.files.set(path, file.bytes)
      return {
        tempFiles: realm.copy([{ name: file.name, path, size: file.bytes.length, time: 0, type: 'file' }]),
      }
    }),
    setClipboardData: guarded<{ data: string }>('setClipboardData', ({ data }) => {
      side.clipboard = data
      return undefined
    }),
    saveImageToPhotosAlbum: guarded<{ filePath: string }>('saveImageToPhotosAlbum', ({ filePath }) => {
      if (!side.allowsAlbum) throw new Refused('auth deny', 103)
      side.album.push(read(filePath))
      return undefined
    }),
    addPhoneCalendar: guarded<{ title?: unknown; startTime?: unknown }>('addPhoneCalendar', (event) => {
      if (!side.allowsCalendar) throw new Refused('auth deny', 103)
      if (typeof event.title !== 'string' || typeof event.startTime !== 'number')
        throw new Error('parameter error')
      const { success: _, fail: __, complete: ___, ...given } = event as typeof event & Callbacks
      side.calendar.push(JSON.parse(JSON.stringify(given)))
      return undefined
    }),
    requestSubscribeMessage: answering<{ tmplIds: string[] }>(realm, 'requestSubscribeMessage', (given) =>
      Object.fromEntries(given.tmplIds.map((id) => [id, side.subscribes])),
    ),
    openDocument: answering<{ filePath: string }>(realm, 'openDocument', ({ filePath }) => {
      if (!documents.includes(endingOf(filePath))) throw new Error('filetype not supported')
      side.opened.push({ name: filePath, bytes: read(filePath) })
      return undefined
    }),
    getFileSystemManager: () => fileSystem(realm, side.files, read),
  }
}

function fileSystem(realm: Realm, files: Map<string, Buffer>, read: (path: string) => Buffer): object {
  const textOf = (path: string, encoding?: Encoding): string | ArrayBuffer => {
    const bytes = read(path)
    if (encoding !== undefined) return bytes.toString(encoding)
    const buffer = new realm.intrinsics.ArrayBuffer(bytes.length)
    Buffer.from(buffer).set(bytes)
    return buffer
  }
  const write = (path: string, data: string | ArrayBuffer, encoding: Encoding = 'utf8') => {
    if (!path.startsWith('http://usr/')) throw new Error(`permission denied, open '${path}'`)
    files.set(path, typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data))
  }
  const remove = (path: string) => {
    read(path)
    files.delete(path)
  }
  /** The synchronous calls throw an error of the app's own realm. */
  const sync =
    <A extends unknown[], R>(name: string, work: (...given: A) => R) =>
    (...given: A): R => {
      try {
        return work(...given)
      } catch (refused) {
        throw new realm.intrinsics.Error(`${name}:fail ${(refused as Error).message}`)
      }
    }
  interface Given extends Callbacks {
    filePath: string
    data: string | ArrayBuffer
    encoding?: Encoding
  }
  return realm.object({
    accessSync: sync('accessSync', (path: string) => void read(path)),
    readFileSync: sync('readFileSync', textOf),
    writeFileSync: sync('writeFileSync', write),
    unlinkSync: sync('unlinkSync', remove),
    readFile: answering<Given>(realm, 'readFile', ({ filePath, encoding }) => ({
      data: textOf(filePath, encoding),
    })),
    writeFile: answering<Given>(realm, 'writeFile', ({ filePath, data, encoding }) => {
      write(filePath, data, encoding)
      return undefined
    }),
    unlink: answering<Given>(realm, 'unlink', ({ filePath }) => {
      remove(filePath)
      return undefined
    }),
  })
}
