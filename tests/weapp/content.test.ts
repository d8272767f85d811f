import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { isDenial, sourceFiles, textsIn } from '../support/promise-scan'
import { brokenDist, builtWeapp, requireBuiltWeapp } from '../support/weapp/built-weapp'

/** What such a mini-program must not be: a place for political news, texts of books, video or
 *  ceremonies. It shows records and its own words, and leads nowhere outside. */
const builtH5 = path.resolve('dist/h5')

beforeAll(() => {
  requireBuiltWeapp()
  if (!existsSync(path.join(builtH5, 'index.html')))
    throw new Error('dist/h5 is missing: run npm run build:h5')
})

const texts = (dist: string, ending: RegExp) =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file) && statSync(path.join(dist, file)).isFile())
    .map((file) => readFileSync(path.join(dist, file), 'utf8'))

/** The elements the app can draw. Taro writes templates for those that our code uses, and no others. */
const weappTags = [
  ...['wxs', 'import', 'template', 'block', 'comp'],
  ...['view', 'text', 'button', 'input', 'textarea', 'image', 'scroll-view'],
]
const strayTags = (dist: string) => {
  const used = texts(dist, /\.wxml$/).flatMap((text) => [...text.matchAll(/<([a-z][\w-]*)/g)])
  return [...new Set(used.map(([, tag = '']) => tag))].filter((tag) => !weappTags.includes(tag))
}

/** Taro's own elements on H5, which draw themselves, and frames of other sites. */
const h5Elements = ['view', 'text', 'image', 'input', 'textarea', 'pull-to-refresh'].map(
  (name) => `taro-${name}-core`,
)
const strayElements = (script: string) => {
  const taro = [...script.matchAll(/\btaro-[a-z-]+-core\b/g)].map(([name]) => name)
  const others = [...script.matchAll(/<(?:iframe|video|audio|embed|object)\b/g)].map(([tag]) => tag)
  return [...new Set([...taro, ...others])].filter((name) => !h5Elements.includes(name))
}

/** Names of XML’s own, words of libraries’ warnings and a base for addresses without one. The server’s
 *  address is the build’s to choose; without a choice it is this. */
const knownHosts = [
  ...['www.w3.org', 'reactjs.org', 'taro.com', 'bit.ly', 'stenciljs.com', 'query-string.invalid'],
  process.env.SERVER_URL?.replace(/^https?:\/\/([^/:]+).*$/, '$1') ?? '127.0.0.1',
]
const hostsIn = (text: string) =>
  [...text.matchAll(/(?:\b(?:https?|wss?|rtmp):|["'`(])\/\/([\w-]+(?:\.[\w-]+)+)/g)].map(
    ([, host = '']) => host,
  )
const strayHosts = (dist: string) => [
  ...new Set(
    texts(dist, /\.(js|json|wxml|wxss|wxs|html|css|webmanifest)$/)
      .flatMap(hostsIn)
      .filter((host) => !knownHosts.includes(host)),
  ),
]

/** Words that only a reader of news, books, streams or ceremonies would need. */
const foreignWords =
  /新闻|资讯|要闻|头条|时政|转载|原文|全文阅读|电子书|章节|直播|视频|点播|播放|弹幕|宣誓|祭扫|祭奠|献花|缅怀|鞠躬|总书记|习近平|重要讲话/
const isForeign = (text: string) => foreignWords.test(text) || text.length > articleLength
/** What people read of ours is at most half as long in one piece; an article is longer. */
const articleLength = 300

test('the templates of weapp draw views, words, buttons, fields and pictures', () => {
  expect(texts(builtWeapp, /\.wxml$/).length).toBeGreaterThan(20)
  expect(strayTags(builtWeapp)).toEqual([])
})

test('H5 has Taro’s elements for the same, and no frame or film', () => {
  const script = [...texts(builtH5, /\.(js|html)$/)].join('\n')
  expect(script).toContain('taro-view-core')
  expect(strayElements(script)).toEqual([])
})

test('nothing that is built leads outside', () => {
  expect(texts(builtWeapp, /\.js$/).flatMap(hostsIn).length).toBeGreaterThan(0)
  expect(strayHosts(builtWeapp)).toEqual([])
  expect(strayHosts(builtH5)).toEqual([])
})

test('the words of the app are its own, and short', () => {
  const words = sourceFiles('src').flatMap((file) => textsIn(file))
  expect(words.length).toBeGreaterThan(500)
  expect(words.filter((each) => isForeign(each.text) && !isDenial(each))).toEqual([])
})

describe('it would be noticed', () => {
  test.each(['video', 'live-player', 'web-view', 'rich-text'])('a template with <%s>', (tag) => {
    const { dist, remove } = brokenDist('base.wxml', (source) => `${source}<${tag} src="{{i.src}}"/>`)
    expect(strayTags(dist)).toEqual([tag])
    remove()
  })

  test.each([
    ['taro-video-core', 'customElements.define("taro-video-core",a)'],
    ['taro-rich-text-core', 'h("taro-rich-text-core")'],
    ['<iframe', 'a.innerHTML="<iframe src=x>"'],
  ])('%s on H5', (name, script) => expect(strayElements(script)).toEqual([name]))

  test.each([
    'fetch("https://news.example.cn/today")',
    'a.src="//cdn.example.cn/a.js"',
    '.x{background:url(//cdn.example.cn/a.png)}',
    'new WebSocket("wss://push.example.cn")',
  ])('an address: %s', (line) => {
    const { dist, remove } = brokenDist('common.js', (source) => `${source}\n${line}`)
    expect(strayHosts(dist)).toEqual([expect.stringMatching(/\.example\.cn$/)])
    remove()
  })

  test.each(['今日要闻', '观看视频', '网上祭扫', '学'.repeat(articleLength + 1)])('words: %s', (text) =>
    expect(isForeign(text)).toBe(true),
  )
})
