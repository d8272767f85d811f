import type { BrowserContext, Page } from 'playwright-core'
import { storagePage, storeIn } from '../support/browser-store'
import { closeBrowser, sharedBrowser } from '../support/h5-phone'
import { keepsTheKeyValueContract } from '../support/key-value-contract'

jest.setTimeout(30_000)

let site: Awaited<ReturnType<typeof storagePage>>
let context: BrowserContext
let page: Page

beforeAll(async () => {
  site = await storagePage()
})
beforeEach(async () => {
  context = await (await sharedBrowser()).newContext()
  page = await context.newPage()
  await page.goto(site.url)
})
afterEach(() => context.close())
afterAll(async () => {
  await closeBrowser()
  await site.close()
})

/** Chromium asks how much room there is when a write is larger than it last thought there was. */
async function leaveRoom(quotaSize: number): Promise<void> {
  const session = await context.newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize })
}

const megabytes = 1024 * 1024

/** Every transaction fails from here on, as when the system takes the database away. */
const breakDown = () =>
  page.evaluate(() => {
    const own = IDBDatabase.prototype.transaction
    Object.assign(window, { own })
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('the disk is gone', 'UnknownError')
    }
  })
const mend = () =>
  page.evaluate(() => {
    IDBDatabase.prototype.transaction = (window as unknown as { own: IDBDatabase['transaction'] }).own // kept above
  })

describe('the storage of a browser', () => {
  keepsTheKeyValueContract(async () => ({
    store: await leaveRoom(4 * megabytes).then(() => storeIn(page)),
    async reopened() {
      await page.reload()
      return storeIn(page)
    },
    async fill() {
      await leaveRoom(1)
      await storeIn(page)
        .set('large', 'x'.repeat(8 * megabytes))
        .catch(() => undefined)
    },
    breakDown,
    mend,
  }))

  test('two tabs see each other’s writes', async () => {
    const other = await context.newPage()
    await other.goto(site.url)
    await storeIn(page).set('key', 'from the first')
    expect(await storeIn(other).get('key')).toBe('from the first')
    await storeIn(other).set('key', 'from the second')
    expect(await storeIn(page).get('key')).toBe('from the second')
  })

  test('a connection that Safari dropped while the page slept is opened again', async () => {
    const store = storeIn(page)
    await store.set('key', 'value')
    await page.evaluate(() => {
      const own = IDBDatabase.prototype.transaction
      IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given) {
        IDBDatabase.prototype.transaction = own
        this.close()
        return own.apply(this, given)
      }
    })
    expect(await store.get('key')).toBe('value')
  })

  test('a write is said to be done only when the browser has it on the disk', async () => {
    const asked = await page.evaluate(async () => {
      const durabilities: (string | undefined)[] = []
      const own = IDBDatabase.prototype.transaction
      IDBDatabase.prototype.transaction = function (this: IDBDatabase, names, mode, options) {
        if (mode === 'readwrite') durabilities.push(options?.durability)
        return own.call(this, names, mode, options)
      }
      await window.store.set('key', 'value')
      return durabilities
    })
    expect(asked).toEqual(['strict'])
  })
})
