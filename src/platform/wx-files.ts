import Taro from '@tarojs/taro'
import { Unreachable } from '#sync/server-link'
import type { Files, FilesProblem } from './files'
import { headersOf, newRequestId, understood } from './http'
import type { Guarded, PrivacyGate } from './privacy'

const timeoutMs = 60_000

/** Files in the mini-program. A spreadsheet comes out of a chat, and a file is opened by WeChat. */
export function wxFiles(serverUrl: string, privacy: PrivacyGate): Files {
  return {
    async pickSheet() {
      const picked = await privacy.guarded('从聊天中选择表格文件', () =>
        Taro.chooseMessageFile({ count: 1, type: 'file', extension: ['xlsx', 'csv'] }),
      )
      if (picked.is !== 'done') return problemOf(picked, '没有取到文件，请再选一次')
      const file = picked.value.tempFiles[0]
      return file && { name: file.name, path: file.path }
    },
    async upload(path, file, accessToken) {
      try {
        const { statusCode, data } = await Taro.uploadFile({
          url: `${serverUrl}${path}`,
          filePath: file.path,
          fileName: file.name,
          name: 'file',
          header: headersOf(newRequestId(), accessToken),
          timeout: timeoutMs,
        })
        return understood(statusCode, data)
      } catch (error) {
        if (error instanceof Unreachable) throw error
        throw new Unreachable('no answer')
      }
    },
    async open(path, name, accessToken) {
      const filePath = `${Taro.env.USER_DATA_PATH}/${name}`
      let statusCode: number
      try {
        statusCode = (
          await Taro.downloadFile({
            url: `${serverUrl}${path}`,
            filePath,
            header: headersOf(newRequestId(), accessToken),
            timeout: timeoutMs,
          })
        ).statusCode
      } catch {
        throw new Unreachable('no answer')
      }
      if (statusCode !== 200) {
        // WeChat puts a problem's words into the file.
        const text = Taro.getFileSystemManager().readFileSync(filePath, 'utf8')
        return understood(statusCode, text)
      }
      await Taro.openDocument({ filePath, showMenu: true })
      return { is: 'ok', body: undefined }
    },
    async copy(text) {
      const copied = await privacy.guarded('复制文字', () => Taro.setClipboardData({ data: text }))
      return problemOf(copied, '没有复制成功，请长按文字自行复制')
    },
    async savePicture(dataUri, name) {
      const filePath = `${Taro.env.USER_DATA_PATH}/${name}`
      const saved = await privacy.guarded('把图片保存到相册', async () => {
        Taro.getFileSystemManager().writeFileSync(filePath, dataUri.slice(dataUri.indexOf(',') + 1), 'base64')
        await Taro.saveImageToPhotosAlbum({ filePath })
      })
      return problemOf(saved, '没有保存成功，请长按图片保存')
    },
  }
}

/** What to tell somebody; nothing when it worked, or when they went back by themselves. */
function problemOf(used: Guarded<unknown>, otherwise: string): FilesProblem | undefined {
  if (used.is === 'not-allowed') return used.message
  return used.is === 'failed' ? otherwise : undefined
}
