import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import type { KeyValueStore } from '#sync/key-value-store'

declare global {
  interface Window {
    store: KeyValueStore
  }
}

/** A page on this machine that holds nothing but the browser's storage, as the app bundles it. */
export async function storagePage(): Promise<{ url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { indexedDbStorage } from '#platform/indexed-db-storage'
        window.store = indexedDbStorage('morning-study')`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2018',
  })
  const script = outputFiles[0]?.text ?? ''
  const server: Server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!DOCTYPE html><script>${script.replaceAll('</script', '<\\/script')}</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, // it listens on TCP
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** That storage, asked from out here. Errors come over with their names. */
export function storeIn(page: Page): KeyValueStore {
  async function ask<Answer>(call: keyof KeyValueStore, ...given: string[]): Promise<Answer> {
    const answer = await page.evaluate(
      async ({ call, given: [key = '', value = ''] }) => {
        try {
          return { value: await window.store[call](key, value) }
        } catch (error) {
          const { name, message } = error as Error
          return { name, message }
        }
      },
      { call, given },
    )
    if ('name' in answer) throw Object.assign(new Error(answer.message), { name: answer.name })
    return answer.value as Answer // the call's own
  }
  return {
    get: (key) => ask('get', key),
    set: (key, value) => ask('set', key, value),
    delete: (key) => ask('delete', key),
    keys: (prefix) => ask('keys', prefix),
  }
}
