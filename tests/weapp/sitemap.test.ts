import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { builtWeapp, requireBuiltWeapp } from '../support/weapp/built-weapp'

beforeAll(requireBuiltWeapp)

const parsed = <T extends v.GenericSchema>(schema: T, file: string) =>
  v.parse(schema, JSON.parse(readFileSync(path.join(builtWeapp, file), 'utf8')))

const appSchema = v.object({
  pages: v.array(v.string()),
  subPackages: v.array(v.object({ root: v.string(), pages: v.array(v.string()) })),
  sitemapLocation: v.string(),
})
const sitemapSchema = v.strictObject({
  rules: v.array(v.strictObject({ action: v.picklist(['allow', 'disallow']), page: v.string() })),
})

/** WeChat's reading: the first rule that names the page decides; without one it is found. */
const isFound = (page: string, { rules }: v.InferOutput<typeof sitemapSchema>) =>
  (rules.find((rule) => rule.page === page || rule.page === '*')?.action ?? 'allow') === 'allow'

test('a search in WeChat finds the pages that hold no records, and no other', () => {
  const app = parsed(appSchema, 'app.json')
  const sitemap = parsed(sitemapSchema, app.sitemapLocation)
  const pages = [
    ...app.pages,
    ...app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`)),
  ]
  const open = [
    'pages/home/index',
    'pages/promises/index',
    'pages/about/index',
    'packages/member/privacy/index',
  ]
  expect(pages.filter((page) => isFound(page, sitemap)).sort()).toEqual(
    open.filter((page) => pages.includes(page)).sort(),
  )
  expect(pages).toEqual(expect.arrayContaining(open.slice(0, 3)))
  expect(isFound('packages/secretary/some/later-page', sitemap)).toBe(false)
})

test('the project is nobody’s until its owner says so', () => {
  expect(parsed(v.object({ appid: v.string() }), 'project.config.json').appid).toBe('touristappid')
})
