import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import postcss, { AtRule } from 'postcss'
import * as v from 'valibot'
import { closeBrowser } from '../support/h5-phone'
import { brokenDist, builtWeapp, requireBuiltWeapp } from '../support/weapp/built-weapp'
import { compileWxss } from '../support/weapp/compilers'
import { type DrawnWeapp, drawnWeapp } from '../support/weapp-view/drawn-weapp'

/** What WeChat reads to follow the system into the dark, as it was built. */
jest.setTimeout(30_000)
beforeAll(requireBuiltWeapp)

const themesSchema = v.strictObject({
  light: v.record(v.string(), v.string()),
  dark: v.record(v.string(), v.string()),
})
const appSchema = v.object({ darkmode: v.literal(true), themeLocation: v.literal('theme.json') })

const json = (dist: string, file: string): unknown => JSON.parse(readFileSync(path.join(dist, file), 'utf8'))
const themesOf = (dist: string) =>
  v.parse(themesSchema, json(dist, v.parse(appSchema, json(dist, 'app.json')).themeLocation))

/** The names after an @ in app.json and in the pages' own files. */
function used(dist: string): string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  const texts = files
    .filter((file) => file.endsWith('.json') && file !== 'theme.json')
    .map((file) => JSON.stringify(json(dist, file)))
  const names = texts.flatMap((text) => [...text.matchAll(/"@(\w+)"/g)].map(([, name = '']) => name))
  return [...new Set(names)].sort()
}

const missing = (dist: string) => {
  const themes = themesOf(dist)
  return used(dist).filter((name) => !(name in themes.light && name in themes.dark))
}

test('each colour that app.json names is in theme.json, light and dark, and no other', () => {
  const { light, dark } = themesOf(builtWeapp)
  expect(missing(builtWeapp)).toEqual([])
  expect(used(builtWeapp).length).toBeGreaterThan(0)
  expect(Object.keys(light).sort()).toEqual(used(builtWeapp))
  expect(Object.keys(dark).sort()).toEqual(used(builtWeapp))
})

test('WeChat takes a colour or one of two words, and nothing that H5 would', () => {
  for (const theme of Object.values(themesOf(builtWeapp)))
    for (const value of Object.values(theme)) expect(value).toMatch(/^(#[0-9a-f]{6}|black|white)$/)
  expect(readFileSync(path.join(builtWeapp, 'app.json'), 'utf8')).not.toContain('var(')
})

test('a name that the dark does not know is told', () => {
  const { dist, remove } = brokenDist('theme.json', (source) => {
    const { light, dark } = v.parse(themesSchema, JSON.parse(source))
    const { tabText: _, ...rest } = dark
    return JSON.stringify({ light, dark: rest })
  })
  expect(missing(dist)).toEqual(['tabText'])
  remove()
})

test('the dark tokens are in the WXSS as written, and WeChat’s compiler takes them', () => {
  const sheet = postcss.parse(readFileSync(path.join(builtWeapp, 'app.wxss'), 'utf8'))
  const found = new Map<string, string>()
  sheet.walkDecls(/^--/, ({ prop, value, parent }) => {
    const media = parent?.parent
    if (media instanceof AtRule && media.params.replace(/\s/g, '') === '(prefers-color-scheme:dark)')
      found.set(prop, value)
  })
  expect(found.get('--paper')).toBe(themesOf(builtWeapp).dark.paper)
  expect(found.size).toBe(16)

  const { errors, code } = compileWxss(builtWeapp)
  expect(errors).toEqual([])
  expect(code).toMatch(/prefers-color-scheme:\s*dark/)
  expect(code).toMatch(/@supports/)
})

test('a length that is added to another keeps its unit', () => {
  expect(readFileSync(path.join(builtWeapp, 'app.wxss'), 'utf8')).toContain('--safe-bottom:0px')
})

describe('drawn on a phone', () => {
  let phone: DrawnWeapp
  beforeAll(async () => {
    phone = await drawnWeapp({ dist: builtWeapp })
    await phone.open()
  })
  afterAll(async () => {
    await phone.close()
    await closeBrowser()
  })

  const ground = async () =>
    (await phone.document()).locator('.page').evaluate((page) => getComputedStyle(page).backgroundColor)

  test('that turns dark and light again, the page follows and nothing is drawn anew', async () => {
    const before = await phone.screen()
    await phone.setDark(true)
    expect(await ground()).toBe('rgb(22, 20, 18)')
    await phone.setDark(false)
    expect(await ground()).toBe('rgb(246, 244, 240)')
    expect(await phone.screen()).toBe(before)
    expect(phone.faults).toEqual([])
  })
})
