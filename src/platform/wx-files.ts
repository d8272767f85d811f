import Taro from '@tarojs/taro'
import { Unreachable } from '#sync/server-link'
import type { Files } from './files'
import { headersOf, newRequestId, understood } from './http'

const timeoutMs = 60_000

/** Files in the mini-program. A spreadsheet comes out of a chat, and a file is opened by WeChat. */
export function wxFiles(serverUrl: string): Files {
  return {
    async pickSheet() {
      try {
        const { tempFiles } = await Taro.chooseMessageFile({
          count: 1,
          type: 'file',
          extension: ['xlsx', 'csv'],
        })
        const file = tempFiles[0]
        return file && { name: file.name, path: file.path }
      } catch {
        return undefined // they went back without choosing
      }
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
      try {
        await Taro.setClipboardData({ data: text })
        return undefined
      } catch {
        return '没有复制成功，请长按文字自行复制'
      }
    },
    async savePicture(dataUri, name) {
      const filePath = `${Taro.env.USER_DATA_PATH}/${name}`
      try {
        Taro.getFileSystemManager().writeFileSync(filePath, dataUri.slice(dataUri.indexOf(',') + 1), 'base64')
        await Taro.saveImageToPhotosAlbum({ filePath })
        return undefined
      } catch {
        return '没有保存成功。请在微信设置里允许保存到相册，或长按图片保存'
      }
    },
  }
}
