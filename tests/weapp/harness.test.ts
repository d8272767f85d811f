import { brokenDist, builtWeapp, entryPages, requireBuiltWeapp } from '../support/weapp/built-weapp'
import { type WeappPhone, weappPhone } from '../support/weapp/weapp-phone'

// Breaks the build in ways a phone would notice: a harness that lets one pass proves nothing.

const firstPage = () => entryPages()[0] ?? ''

/** Opens the app and taps the first thing that can be tapped. */
async function openAndTap(dist: string): Promise<void> {
  const phone = await weappPhone({ dist })
  try {
    await phone.open()
    await phone.tap(await firstTappable(phone))
  } finally {
    await phone.close()
  }
}

async function firstTappable(phone: WeappPhone): Promise<string> {
  for (let turn = 0; turn < 50 && phone.tappables.length === 0; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const once = phone.tappables.find((name, _, all) => name && all.indexOf(name) === all.lastIndexOf(name))
  if (!once) throw new Error('nothing can be tapped')
  return once
}

async function withBroken(file: string, rewrite: (source: string) => string): Promise<void> {
  const { dist, remove } = brokenDist(file, rewrite)
  await openAndTap(dist).finally(remove)
}

beforeAll(requireBuiltWeapp)

test('the build as it is opens, and its first button hears a tap', () => openAndTap(builtWeapp))

test('a tap that no template binds is lost', async () => {
  const withoutTap = (source: string) => source.replaceAll(' bindtap="eh"', '')
  await expect(withBroken('base.wxml', withoutTap)).rejects.toThrow(/does not bind tap|nothing can be tapped/)
})

test('a page that throws at load', async () => {
  const throwing = (source: string) => `throw new Error('this page is broken')\n${source}`
  await expect(withBroken(`${firstPage()}.js`, throwing)).rejects.toThrow('this page is broken')
})

test('a page whose onLoad throws', async () => {
  const throwing = (source: string) =>
    source.replace(/Page\((\w+)\)/, "$1.onLoad = () => { throw new Error('cannot load') }; Page($1)")
  await expect(withBroken(`${firstPage()}.js`, throwing)).rejects.toThrow('cannot load')
})

test('a template that is missing', async () => {
  const withoutViews = (source: string) =>
    source.replace(/(<template name=")tmpl(_\d+_\d+">\s*<view)/g, '$1gone$2')
  await expect(withBroken('base.wxml', withoutViews)).rejects.toThrow(/template tmpl_\d+_\d+ is used/)
})

test('a page whose WXML is empty', async () => {
  await expect(withBroken(`${firstPage()}.wxml`, () => '')).rejects.toThrow('nothing is drawn')
})

test.each([
  { code: "new URL('https://example.org')", error: 'URL is not defined' },
  { code: 'new TextEncoder()', error: 'TextEncoder is not defined' },
  { code: "fetch('https://example.org')", error: 'fetch is not defined' },
  { code: 'crypto.getRandomValues(new Uint8Array(1))', error: 'crypto is not defined' },
  { code: "new Intl.DateTimeFormat('zh-CN')", error: 'Intl is not defined' },
  { code: "new Function('return this')()", error: 'Code generation from strings disallowed' },
  { code: "eval('1')", error: 'Code generation from strings disallowed' },
  { code: 'document.title', error: 'document is not defined' },
])('app code with $code', async ({ code, error }) => {
  await expect(withBroken('app.js', (source) => `${source}\n${code}`)).rejects.toThrow(error)
})
