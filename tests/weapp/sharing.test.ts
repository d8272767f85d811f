import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sourceFiles, textsIn } from '../support/promise-scan'
import { brokenDist, builtWeapp } from '../support/weapp/built-weapp'
import { everyPage } from '../support/weapp/every-page'
import type { Drawing } from '../support/weapp/page-stack'
import { WeappPhone } from '../support/weapp/weapp-phone'

jest.setTimeout(30_000)

/** WeChat greys 转发 out on a page that has neither of these. No page of ours offers it: what they show
 *  is about persons. */
const handlers = ['onShareAppMessage', 'onShareTimeline']

/** A phone that notes what each page could hand on, as it registered itself. */
class NotingPhone extends WeappPhone {
  readonly seen: string[] = []
  readonly shareable: string[] = []

  protected override drawing(): Drawing {
    return {
      opened: ({ route, instance }) => {
        this.seen.push(route)
        if (handlers.some((name) => typeof instance[name] === 'function')) this.shareable.push(route)
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

test('no page can be shared', async () => {
  const { seen, shareable } = await visited(builtWeapp, everyPage())
  expect([...new Set(seen)].sort()).toEqual(everyPage().sort())
  expect(shareable).toEqual([])
  expect(enabled(builtWeapp)).toEqual([])
})

test('no code asks for it', () => {
  expect(sourceFiles('src').flatMap((file) => namesOf(file))).toEqual([])
})

test('a page that is made shareable is told', async () => {
  const { dist, remove } = brokenDist('pages/home/index.js', (source) =>
    source.replace(/\{("?)navigationBarTitleText/, '{enableShareAppMessage:true,$1navigationBarTitleText'),
  )
  try {
    const { shareable } = await visited(dist, ['pages/home/index', 'pages/me/index'])
    expect(shareable).toEqual(['pages/home/index'])
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
