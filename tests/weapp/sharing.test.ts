import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sourceFiles, textsIn } from '../support/promise-scan'
import { brokenDist, builtWeapp } from '../support/weapp/built-weapp'
import { everyPage } from '../support/weapp/every-page'
import type { Drawing } from '../support/weapp/page-stack'
import { WeappPhone } from '../support/weapp/weapp-phone'

jest.setTimeout(30_000)

/** WeChat greys 转发 out on a page that has neither of these. Two pages of ours offer it, by a card of their own:
 *  what the others show is about persons. */
const handlers = ['onShareAppMessage', 'onShareTimeline'] as const
const shared = ['packages/meetings/meeting/index', 'pages/home/index']

/** A phone that notes what each page could hand on, as it registered itself. */
class NotingPhone extends WeappPhone {
  readonly seen: string[] = []
  readonly shareable: string[] = []
  /** What the card of the last page that can be handed on says. */
  card: (() => unknown) | undefined

  protected override drawing(): Drawing {
    return {
      opened: ({ route, instance }) => {
        this.seen.push(route)
        if (handlers.some((name) => typeof instance[name] === 'function')) this.shareable.push(route)
        const { onShareAppMessage } = instance
        if (typeof onShareAppMessage === 'function')
          this.card = () => JSON.parse(JSON.stringify(onShareAppMessage.call(instance, { from: 'menu' })))
      },
      changed: () => undefined,
      closed: () => undefined,
    }
  }
}

async function visited(dist: string, routes: readonly string[]): Promise<NotingPhone> {
  const phone = new NotingPhone({ dist })
  // A guest finds some pages empty and need not wait for them: what they register is noted at once.
  const openings = routes.map((route) => phone.open(`/${route}`).catch(() => undefined))
  await phone.close()
  await Promise.all(openings)
  return phone
}

const sharing =
  /^(on|use)Share(AppMessage|Timeline)$|^enableShare(AppMessage|Timeline)$|^(show|update)ShareMenu$|^share$/
const namesOf = (file: string, source?: string) =>
  textsIn(file, { names: true, ...(source === undefined ? {} : { source }) }).filter(({ text }) =>
    sharing.test(text),
  )

const enabled = (dist: string) =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .filter((file) => /enableShare/.test(readFileSync(path.join(dist, file), 'utf8')))

test('two pages can be shared, to a chat alone', async () => {
  const { seen, shareable } = await visited(builtWeapp, everyPage())
  expect([...new Set(seen)].sort()).toEqual(everyPage().sort())
  expect([...new Set(shareable)].sort()).toEqual(shared)
  // Taro takes the setting of the two out of what it builds, having given them their handlers.
  expect(enabled(builtWeapp)).toEqual([])
})

test('no other code asks for it', () => {
  const asking = sourceFiles('src').filter((file) => namesOf(file).length > 0)
  expect(asking.map((file) => file.replace(/^src\//, '')).sort()).toEqual(
    shared.flatMap((page) => [`${page}.config.ts`, `${page}.tsx`]),
  )
})

test.each([
  { route: 'pages/home/index', query: '' },
  { route: 'packages/meetings/meeting/index', query: '?branch=branch-003&id=2026-m-1116themeday' },
])('what a stranger hands on from $route: no person, and a picture that is not of the page', async (page) => {
  const phone = new NotingPhone({ dist: builtWeapp })
  await phone.open(`/${page.route}${page.query}`)
  expect(phone.card?.()).toEqual({
    title: '周汇朝学',
    path: '/pages/home/index',
    imageUrl: '/share-card.png',
  })
  await phone.close()
  expect(existsSync(path.join(builtWeapp, 'share-card.png'))).toBe(true)
})

test('a page that is made shareable is told', async () => {
  const { dist, remove } = brokenDist('pages/about/index.js', (source) =>
    source.replace(/\{("?)navigationBarTitleText/, '{enableShareAppMessage:true,$1navigationBarTitleText'),
  )
  try {
    const { shareable } = await visited(dist, ['pages/about/index', 'pages/me/index'])
    expect(shareable).toEqual(['pages/about/index'])
  } finally {
    remove()
  }
})

test('a setting of a page is told', () => {
  const { dist, remove } = brokenDist('pages/me/index.json', (source) =>
    source.replace('{', '{"enableShareTimeline":true,'),
  )
  expect(enabled(dist)).toEqual(['pages/me/index.json'])
  remove()
})

test.each([
  'useShareAppMessage(() => ({ title: "" }))',
  'useShareTimeline(() => ({}))',
  'class Page { onShareAppMessage() {} }',
  'Taro.showShareMenu({})',
  'definePageConfig({ enableShareAppMessage: true })',
  'const a = <Button openType="share" />',
])('code is told: %s', (source) => expect(namesOf('src/pages/x/index.tsx', source)).toHaveLength(1))
