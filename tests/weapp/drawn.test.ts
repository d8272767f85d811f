import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { linXiao } from '../support/cast'
import { type DemoServer, demoServer } from '../support/demo-server'
import { closeBrowser } from '../support/h5-phone'
import { until } from '../support/phone'
import { signIn } from '../support/sign-in'
import { brokenDist, builtWeapp } from '../support/weapp/built-weapp'
import { everyPage, pageQuery, personOf, type Visitor, visitorOf } from '../support/weapp/every-page'
import { ariaDrawn, ariaMeant } from '../support/weapp-view/aria'
import { type DrawnWeapp, drawnWeapp } from '../support/weapp-view/drawn-weapp'

/** The built pages, drawn by WeChat's component framework, with a real server. With SCREENSHOTS=1 each
 *  is drawn in large type too, and pictures go to `screenshots/`, which git ignores. */
const folder = path.resolve('screenshots')
const isForPictures = process.env.SCREENSHOTS === '1'
jest.setTimeout(30_000)

let server: DemoServer
beforeAll(async () => {
  server = await demoServer()
})

async function withPhone(dist: string, use: (phone: DrawnWeapp) => Promise<void>): Promise<void> {
  const phone = await drawnWeapp({ dist, serverUrl: server.url })
  await use(phone).finally(() => phone.close())
}

async function withBroken(
  file: string,
  rewrite: (source: string) => string,
  use: (phone: DrawnWeapp) => Promise<void>,
): Promise<void> {
  const { dist, remove } = brokenDist(file, rewrite)
  await withPhone(dist, use).finally(remove)
}

const letters = (text: string): string => text.replace(/\s+/g, '')

/** Compares the screen with what our own reader makes of the templates, once nothing moves. */
async function expectAgreement(phone: DrawnWeapp): Promise<void> {
  const agree = async () => letters(await phone.screen()) === letters(phone.text()) || undefined
  await until(agree, () => 'they differ', 3000).catch(() => {})
  expect(letters(await phone.screen())).toBe(letters(phone.text()))
}

const phones = new Map<string, DrawnWeapp>()
afterAll(async () => {
  for (const phone of phones.values()) await phone.close()
  await closeBrowser()
  await server.close()
})

async function phoneOf(who: Visitor): Promise<DrawnWeapp> {
  const known = phones.get(who)
  if (known) return known
  const phone = await drawnWeapp({ dist: builtWeapp, serverUrl: server.url })
  phones.set(who, phone)
  if (who !== 'guest') await signIn(phone, personOf[who])
  return phone
}

describe.each([
  { size: 'ordinary', fontSizeSetting: 17 },
  ...(isForPictures ? [{ size: 'large', fontSizeSetting: 23 }] : []),
])('in $size type', ({ size, fontSizeSetting }) => {
  test.each(everyPage())('%s is drawn as its templates mean it', async (route) => {
    const phone = await phoneOf(visitorOf(route))
    phone.handset.fontSizeSetting = fontSizeSetting
    await phone.open(`/${route}?${pageQuery}`)
    await phone.seesNo(/正在.*…|请先登录/, 15_000)
    await expectAgreement(phone)
    expect(await ariaDrawn(phone)).toEqual(ariaMeant(phone.drawn))
    if (isForPictures) await takePictures(phone, `weapp-${route.split('/').slice(1, -1).join('-')}-${size}`)
    expect(phone.faults).toEqual([])
  })
})

async function takePictures(phone: DrawnWeapp, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await phone.screenshot(path.join(folder, `${name}.png`))
  if (!phone.knowsDark) return
  await phone.setDark(true)
  await phone.screenshot(path.join(folder, `${name}-dark.png`))
  await phone.setDark(false)
}

test('a guest taps 登录, is Lin Xiao, and checks in', () =>
  withPhone(builtWeapp, async (phone) => {
    await phone.open()
    expect(ariaMeant(phone.drawn)).toContainEqual(
      expect.objectContaining({ 'aria-role': 'button', 'aria-label': '登录' }),
    )
    const document = await phone.document()
    expect(await document.getByRole('button', { name: '登录', exact: true }).count()).toBe(1)

    await signIn(phone, linXiao)
    await phone.tap('首页')
    await phone.tap('签到')
    await phone.sees('已到会', 15_000)
    await expectAgreement(phone)
    expect(phone.faults).toEqual([])
  }))

test('what is typed reaches the app, and what comes of it the screen', async () => {
  const phone = await phoneOf('secretary')
  await phone.open(`/packages/member/leave/index?${pageQuery}`)
  await phone.fill('说明（可不填）', '孩子发烧')
  await phone.sees('4/200')
})

test('elements nested deeper than the templates go are drawn in components, and hear a tap there', () =>
  withBroken(
    'utils.wxs',
    (source) => source.replace('l >= 9', 'l >= 4'),
    async (phone) => {
      await phone.open()
      expect([...phone.drawn.all()].map(({ tag }) => tag)).toContain('comp')
      await phone.tap('登录')
      await phone.sees('用邀请码登录')
      await expectAgreement(phone)
      expect(phone.faults).toEqual([])
    },
  ))

test('a component that sets its own data, as Taro’s CustomWrapper does, is drawn again', async () => {
  const dist = mkdtempSync(path.join(tmpdir(), 'weapp-counter-'))
  const files = {
    'app.json': '{ "pages": ["page"] }',
    'app.js': 'App({})',
    'page.json': '{ "usingComponents": { "counter": "./counter" } }',
    'page.js': 'Page({ data: { i: { sid: "a", count: 7 } } })',
    'page.wxml': '<counter i="{{i}}"/>',
    'counter.js':
      'Component({ properties: { i: { type: Object } }, methods: { add() { this.setData({ "i.count": this.data.i.count + 1 }) } } })',
    'counter.wxml': '<view id="add" aria-role="button" aria-label="加一" bindtap="add">{{i.count}}</view>',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dist, name), text)
  await withPhone(dist, async (phone) => {
    await phone.open()
    await phone.sees('7')
    await phone.tap('加一')
    await phone.tap('加一')
    await phone.sees('9')
    await expectAgreement(phone)
    expect(phone.faults).toEqual([])
  }).finally(() => rmSync(dist, { recursive: true }))
})

test.each([
  { darkmode: true, colour: 'rgb(18, 52, 86)', theme: 'dark' },
  { darkmode: false, colour: 'rgb(255, 255, 255)', theme: 'light' },
])('on a dark phone, an app with darkmode $darkmode is told $theme', async ({ darkmode, colour, theme }) => {
  const { dist, remove } = brokenDist('app.json', (source) =>
    JSON.stringify({ ...JSON.parse(source), darkmode }, null, 1),
  )
  appendFileSync(
    path.join(dist, 'app.wxss'),
    '@media (prefers-color-scheme: dark) { .card { background: #123456 } }',
  )
  await withPhone(dist, async (phone) => {
    await phone.open()
    await phone.setDark(true)
    const card = (await phone.document()).locator('.card').first()
    expect(await card.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(colour)
    expect(phone.handset.theme).toBe(theme)
  }).finally(remove)
})

/** A harness that lets one of these pass proves nothing. App code with `new URL` or `new Function`
 *  fails in harness.test.ts already: it is the same logic layer. */
describe('broken on purpose', () => {
  const broken: [string, string, (source: string) => string, RegExp][] = [
    [
      'a tap that no template binds',
      'base.wxml',
      (source) => source.replaceAll(' bindtap="eh"', ''),
      /the tap on 登录 reaches nothing/,
    ],
    [
      'a page that throws at load',
      'pages/home/index.js',
      (source) => `throw new Error('this page is broken')\n${source}`,
      /this page is broken/,
    ],
    ['a page whose WXML is empty', 'pages/home/index.wxml', () => '', /nothing is drawn/],
    [
      'an element the drawing does not know',
      'base.wxml',
      (source) => source.replace(/<(\/?)text\b/g, '<$1marquee'),
      /<marquee> is not drawn/,
    ],
    [
      'a template glass-easel cannot read',
      'base.wxml',
      (source) => source.replace('{{i.st}}', '{{i.st'),
      /base\.wxml:\d+: /,
    ],
  ]

  test.each(broken)('%s', (_, file, rewrite, error) =>
    withBroken(file, rewrite, async (phone) => {
      await expect(phone.open().then(() => phone.tap('登录'))).rejects.toThrow(error)
    }),
  )

  test('a template that is missing, told by our reader and by the drawing', () =>
    withBroken(
      'base.wxml',
      (source) => source.replace(/(<template name=")tmpl(_\d+_\d+">\s*<view)/g, '$1gone$2'),
      async (phone) => {
        await expect(phone.open()).rejects.toThrow(/home\/index: template tmpl_\d+_\d+ is used/)
        const isTold = () => phone.faults.some((fault) => /^template tmpl_\d+_\d+ is used/.test(fault))
        await until(
          () => isTold() || undefined,
          () => phone.faults.join('\n'),
        )
      },
    ))

  test('words that a style hides are missed on the screen', () =>
    withBroken(
      'app.wxss',
      (source) => `${source}.card { display: none }`,
      async (phone) => {
        await phone.open()
        await expect(expectAgreement(phone)).rejects.toThrow('支部每周学习的登记簿')
      },
    ))

  test('a label that is not handed on is missed in the drawn elements', () =>
    withPhone(builtWeapp, async (phone) => {
      await phone.open()
      await (await phone.document()).evaluate(() =>
        document.querySelector('[aria-label]')?.removeAttribute('aria-label'),
      )
      expect(await ariaDrawn(phone)).not.toEqual(ariaMeant(phone.drawn))
    }))
})
