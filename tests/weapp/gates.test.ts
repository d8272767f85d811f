import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { brokenDist, builtWeapp, requireBuiltWeapp } from '../support/weapp/built-weapp'

beforeAll(requireBuiltWeapp)

/** WeChat allows 2 MB; a phone on a weak signal fetches all of it before it shows anything. */
const mainPackageGate = 500_000
const mainPackageAim = 400_000
/** The largest package is half of this, the whole 0.6 MB. */
const packageGate = 120_000
const wholeGate = 1_000_000
const base64Gate = 10 * 1024

const filesOf = (dist: string) =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(path.join(dist, file)).isFile(),
  )
const text = (dist: string, file: string) => readFileSync(path.join(dist, file), 'utf8')

interface AppJson {
  pages: string[]
  lazyCodeLoading?: string
  preloadRule?: Record<string, { packages: string[] }>
  subPackages?: { root: string }[]
  subpackages?: { root: string }[]
}

const appOf = (dist: string) => JSON.parse(text(dist, 'app.json')) as AppJson
const rootsOf = (app: AppJson) =>
  [...(app.subPackages ?? []), ...(app.subpackages ?? [])].map(({ root }) => `${root.replace(/\/$/, '')}/`)

function mainPackage(dist: string) {
  const roots = rootsOf(appOf(dist))
  const files = filesOf(dist).filter((file) => !roots.some((root) => file.startsWith(root)))
  const sizes = files.map((file) => ({ file, bytes: statSync(path.join(dist, file)).size }))
  return { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0), sizes, roots }
}

const bytesUnder = (dist: string, root: string) =>
  filesOf(dist)
    .filter((file) => file.startsWith(root))
    .reduce((sum, file) => sum + statSync(path.join(dist, file)).size, 0)

const tooLarge = (dist: string): string[] => [
  ...rootsOf(appOf(dist)).filter((root) => bytesUnder(dist, root) > packageGate),
  ...(bytesUnder(dist, '') > wholeGate ? ['the whole'] : []),
]

/** What of `preloadRule` names a page or a package that the app does not have. */
function strayPreloads(dist: string): string[] {
  const app = appOf(dist)
  const roots = rootsOf(app)
  return Object.entries(app.preloadRule ?? {}).flatMap(([page, { packages }]) => [
    ...(app.pages.includes(page) ? [] : [page]),
    ...packages.filter((root) => !roots.includes(`${root}/`)),
  ])
}
const isLoadedWhenNeeded = (dist: string) => appOf(dist).lazyCodeLoading === 'requiredComponents'

const sourceMaps = (dist: string) =>
  filesOf(dist).filter((file) => file.endsWith('.map') || /sourceMappingURL=/.test(text(dist, file)))

const largeImages = (dist: string) =>
  filesOf(dist).flatMap((file) =>
    [...text(dist, file).matchAll(/data:image\/[\w+.-]+;base64,[A-Za-z0-9+/=]*/g)]
      .filter(([image]) => image.length > base64Gate)
      .map(([image]) => `${file}: ${image.length}`),
  )

/** WeChat forbids making code from text. Webpack's runtime asks for the global object that way, in
 *  a `try` and only where `globalThis` is missing: that one sentence, in that one file, is let through. */
const isOfWebpack = (file: string) => file === 'runtime.js'
const globalObject = 'new Function("return this")'
const codeFromText = (dist: string) =>
  filesOf(dist)
    .filter((file) => file.endsWith('.js'))
    .filter((file) => {
      const code = isOfWebpack(file) ? text(dist, file).replace(globalObject, '') : text(dist, file)
      return /(?<![\w$.])(eval\(|new Function\b|Function\(["'`])/.test(code)
    })

test('the main package stays small', () => {
  const { bytes, sizes, roots } = mainPackage(builtWeapp)
  const largest = [...sizes].sort((a, b) => b.bytes - a.bytes).slice(0, 5)
  console.log(
    `Main package: ${bytes} bytes of ${mainPackageGate}; the aim is ${mainPackageAim}.\n` +
      largest.map(({ file, bytes }) => `  ${String(bytes).padStart(7)} ${file}`).join('\n'),
  )
  expect(roots.length).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(mainPackageGate)
})

test('each subpackage stays small, and all of it together', () => {
  const sizes = rootsOf(appOf(builtWeapp)).map((root) => bytesUnder(builtWeapp, root))
  expect(sizes.length).toBeGreaterThan(4)
  expect(Math.min(...sizes)).toBeGreaterThan(10_000)
  expect(mainPackage(builtWeapp).bytes + sizes.reduce((sum, bytes) => sum + bytes)).toBe(
    bytesUnder(builtWeapp, ''),
  )
  expect(tooLarge(builtWeapp)).toEqual([])
})

test('code is loaded when it is needed, and the packages of members and keepers are fetched ahead', () => {
  expect(isLoadedWhenNeeded(builtWeapp)).toBe(true)
  const ahead = Object.values(appOf(builtWeapp).preloadRule ?? {}).flatMap(({ packages }) => packages)
  expect(ahead).toEqual(['packages/member', 'packages/secretary'])
  expect(strayPreloads(builtWeapp)).toEqual([])
})

test('the build holds no source maps', () => {
  expect(sourceMaps(builtWeapp)).toEqual([])
})

test('no picture is baked into the code', () => {
  expect(largeImages(builtWeapp)).toEqual([])
})

test.each(['role', 'label', 'checked', 'selected', 'disabled', 'hidden', 'live'])(
  'what a screen reader is told goes through: aria-%s',
  (name) => {
    const tags = text(builtWeapp, 'base.wxml').match(/<(view|text|button|input|textarea) [^>]*>/g) ?? []
    // The barest views are drawn by templates of their own, for nodes that have no such attribute.
    const full = tags.filter((tag) => /\bi\.p\d/.test(tag))
    expect(new Set(full.map((tag) => /^<\w+/.exec(tag)?.[0]))).toEqual(
      new Set(['<view', '<text', '<input', '<textarea', '<button']),
    )
    expect(full.filter((tag) => !tag.includes(` aria-${name}="{{`))).toEqual([])
  },
)

test('no code is made from text', () => {
  expect(codeFromText(builtWeapp)).toEqual([])
})

test('no stylesheet has :active, which a mini-program never lets go of', () => {
  expect(
    filesOf(builtWeapp).filter((file) => file.endsWith('.wxss') && /:active/.test(text(builtWeapp, file))),
  ).toEqual([])
})

describe('the gates would notice', () => {
  test.each([
    {
      what: 'a main package that grew',
      file: 'grown.js',
      rewrite: () => 'x'.repeat(mainPackageGate),
      notices: (dist: string) => mainPackage(dist).bytes > mainPackageGate,
    },
    {
      what: 'a subpackage that grew',
      file: 'packages/member/grown.js',
      rewrite: () => 'x'.repeat(packageGate),
      notices: (dist: string) => tooLarge(dist).join() === 'packages/member/',
    },
    {
      what: 'a whole that grew',
      file: 'grown.js',
      rewrite: () => 'x'.repeat(wholeGate),
      notices: (dist: string) => tooLarge(dist).join() === 'the whole',
    },
    {
      what: 'code that is all loaded at the start',
      file: 'app.json',
      rewrite: (source: string) => source.replace('requiredComponents', 'none'),
      notices: (dist: string) => !isLoadedWhenNeeded(dist),
    },
    {
      what: 'a package fetched ahead that is none',
      file: 'app.json',
      rewrite: (source: string) =>
        source.replace('"packages":["packages/member"', '"packages":["packages/guest"'),
      notices: (dist: string) => strayPreloads(dist).join() === 'packages/guest',
    },
    {
      what: 'packages fetched from a page that is none',
      file: 'app.json',
      rewrite: (source: string) => source.replace('{"pages/home/index":', '{"pages/start/index":'),
      notices: (dist: string) => strayPreloads(dist).join() === 'pages/start/index',
    },
    {
      what: 'a source map',
      file: 'app.js.map',
      rewrite: () => '{}',
      notices: (dist: string) => sourceMaps(dist).length === 1,
    },
    {
      what: 'a link to a source map',
      file: 'app.js',
      rewrite: (source: string) => `${source}\n//# sourceMappingURL=app.js.map`,
      notices: (dist: string) => sourceMaps(dist).length === 1,
    },
    {
      what: 'a picture in the stylesheet',
      file: 'app.wxss',
      rewrite: (source: string) =>
        `${source}.x{background:url(data:image/png;base64,${'A'.repeat(base64Gate)})}`,
      notices: (dist: string) => largeImages(dist).length === 1,
    },
    ...['eval("1")', 'new Function("return this")', 'Function("a")'].map((code) => ({
      what: code,
      file: 'common.js',
      rewrite: (source: string) => `${source};${code}`,
      notices: (dist: string) => codeFromText(dist).includes('common.js'),
    })),
  ])('$what', ({ file, rewrite, notices }) => {
    const { dist, remove } = brokenDist(file, rewrite)
    try {
      expect(notices(dist)).toBe(true)
    } finally {
      remove()
    }
  })
})
