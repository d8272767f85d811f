import { gzipSync } from 'node:zlib'
import type { Response } from 'playwright-core'
import { type DemoServer, demoServer } from '../support/demo-server'
import { closeBrowser, sharedBrowser } from '../support/h5-phone'

/** What a phone fetches before somebody reads their first line, in bytes of the bodies as our server sends
 *  them to whoever takes brotli, which every browser does over https and on this machine. */
const gate = 140_000
const aim = 120_000

let server: DemoServer
beforeAll(async () => {
  server = await demoServer()
}, 60_000)
afterAll(async () => {
  await closeBrowser()
  await server.close()
})

test('the first load is small: page, styles and code until Home shows', async () => {
  // The service worker fetches the rest of the site later, when nobody waits for it.
  const context = await (await sharedBrowser()).newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  const responses: Response[] = []
  page.on('response', (response) => void responses.push(response))
  await page.goto(server.url)
  await page.getByText('支部每周学习的登记簿').waitFor()
  await page.waitForLoadState('networkidle')

  const files = responses.filter((each) =>
    ['document', 'stylesheet', 'script'].includes(each.request().resourceType()),
  )
  const sizes = await Promise.all(
    files.map(async (each) => {
      const body = await each.body()
      return {
        name: new URL(each.url()).pathname,
        raw: body.length,
        sent: (await each.request().sizes()).responseBodySize,
        gzip: gzipSync(body, { level: 6 }).length,
      }
    }),
  )
  await context.close()
  const sum = (key: 'raw' | 'sent' | 'gzip') => sizes.reduce((all, each) => all + each[key], 0)
  console.log(
    `First load: ${sum('sent')} bytes of ${gate} sent, ${sum('gzip')} with gzip, ${sum('raw')} as they are; the aim is ${aim}.\n` +
      sizes
        .map(({ name, raw, sent }) => `  ${String(sent).padStart(7)} ${String(raw).padStart(7)} ${name}`)
        .join('\n'),
  )
  expect(files.every((each) => each.ok())).toBe(true)
  expect(new Set(files.map((each) => new URL(each.url()).host))).toEqual(new Set([new URL(server.url).host]))
  expect(sizes.length).toBeGreaterThan(2)
  expect(sum('sent')).toBeLessThan(sum('gzip')) // packed indeed
  expect(sum('sent')).toBeLessThanOrEqual(gate)
}, 60_000)
