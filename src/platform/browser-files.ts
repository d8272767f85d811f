import { Unreachable } from '#sync/server-link'
import type { Files } from './files'
import { type HttpAnswer, headersOf, newRequestId, understood } from './http'

/** Files in a browser. */
export function browserFiles(serverUrl: string): Files {
  /** By the path they were given: the page's own policy forbids fetching `blob:` addresses. */
  const picked = new Map<string, File>()
  const fetched = async (path: string, accessToken: string, body?: FormData) => {
    try {
      return await fetch(`${serverUrl}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: headersOf(newRequestId(), accessToken),
        ...(body === undefined ? {} : { body }),
      })
    } catch {
      throw new Unreachable('no answer')
    }
  }
  return {
    pickSheet: () =>
      new Promise((resolve) => {
        const input = document.createElement('input')
        input.type = 'file'
        input.accept = '.xlsx,.csv'
        input.onchange = () => {
          const file = input.files?.[0]
          if (file === undefined) return resolve(undefined)
          const path = `picked/${picked.size}`
          picked.set(path, file)
          resolve({ name: file.name, path })
        }
        input.addEventListener('cancel', () => resolve(undefined))
        input.click()
      }),
    async upload(path, file, accessToken) {
      const content = picked.get(file.path)
      if (content === undefined) throw new Error('a file that was not picked here')
      const form = new FormData()
      form.append('file', content, file.name)
      const response = await fetched(path, accessToken, form)
      return understood(response.status, await response.text())
    },
    async open(path, name, accessToken): Promise<HttpAnswer> {
      const response = await fetched(path, accessToken)
      if (!response.ok) return understood(response.status, await response.text())
      save(URL.createObjectURL(await response.blob()), name)
      return { is: 'ok', body: undefined }
    },
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text)
        return undefined
      } catch {
        return '没有复制成功，请长按文字自行复制'
      }
    },
    async savePicture(dataUri, name) {
      save(dataUri, name)
      return undefined
    },
  }
}

function save(href: string, name: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}
