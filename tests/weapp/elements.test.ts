import { type DemoServer, demoServer } from '../support/demo-server'
import { until } from '../support/phone'
import { signIn } from '../support/sign-in'
import { builtWeapp } from '../support/weapp/built-weapp'
import { everyPage, pageQuery, personOf, type Visitor, visitorOf } from '../support/weapp/every-page'
import { type WeappPhone, weappPhone } from '../support/weapp/weapp-phone'

/** What WeChat's own audit asks of a page: fewer than 1,000 elements, less than 30 deep, at most 60
 *  children to each. */
const limits = { elements: 999, depth: 29, children: 60 }

interface Part {
  readonly tag: string
  readonly children: readonly Part[]
}

function extentOf(root: Part): typeof limits {
  const inner = root.children.filter(({ tag }) => tag !== '#text').map(extentOf)
  return {
    elements: 1 + inner.reduce((sum, { elements }) => sum + elements, 0),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    children: Math.max(inner.length, ...inner.map(({ children }) => children)),
  }
}

const tooMuch = (root: Part): string[] => {
  const extent = extentOf(root)
  return (['elements', 'depth', 'children'] as const)
    .filter((name) => extent[name] > limits[name])
    .map((name) => `${extent[name]} ${name}`)
}

jest.setTimeout(30_000)

let server: DemoServer
const phones = new Map<Visitor, WeappPhone>()
beforeAll(async () => {
  server = await demoServer()
})
afterAll(async () => {
  for (const phone of phones.values()) await phone.close()
  await server.close()
})

async function phoneOf(who: Visitor): Promise<WeappPhone> {
  const known = phones.get(who)
  if (known) return known
  const phone = await weappPhone({ dist: builtWeapp, serverUrl: server.url })
  phones.set(who, phone)
  if (who !== 'guest') await signIn(phone, personOf[who])
  return phone
}

/** Until the page shows what it asked for: for a moment it shows nothing, not even that it asks. */
async function atRest(phone: WeappPhone): Promise<void> {
  const look = () => JSON.stringify([extentOf(phone.drawn), phone.text()])
  const isSame = async () => {
    const before = look()
    await new Promise((resolve) => setTimeout(resolve, 300))
    return look() === before && !/正在.*…|请先登录/.test(before) ? true : undefined
  }
  await until(isSame, () => `${phone.route} does not come to rest`, 15_000)
}

/** The page with all of its lists, as far as they go. */
async function openWhole(route: string): Promise<WeappPhone> {
  const phone = await phoneOf(visitorOf(route))
  await phone.open(`/${route}?${pageQuery}`)
  await atRest(phone)
  const more = () => phone.tappables.find((name) => name.startsWith('显示更多'))
  for (let name = more(); name !== undefined; name = more()) await phone.tap(name)
  return phone
}

test.each(everyPage())('%s has few elements, shallow, each with few children', async (route) => {
  const phone = await openWhole(route)
  expect(extentOf(phone.drawn).elements).toBeGreaterThan(5)
  expect(tooMuch(phone.drawn)).toEqual([])
})

test('支部成员 and 登记簿 were counted with all of a branch of 42 on them', async () => {
  const people = await openWhole('packages/secretary/people/index')
  expect(people.tappables.filter((name) => name.includes('编号 '))).toHaveLength(42)
  expect(extentOf(people.drawn).children).toBeGreaterThanOrEqual(42)

  const register = await openWhole('packages/secretary/register/index')
  const everybody = register.tappables.find((name) => name.startsWith('全部 ')) ?? '全部'
  await register.tap(everybody)
  await atRest(register)
  expect(extentOf(register.drawn).children).toBe(Number(everybody.replace('全部 ', '')))
  expect(tooMuch(register.drawn)).toEqual([])
})

describe('a page that has', () => {
  const part = (children: Part[] = []): Part => ({ tag: 'view', children })
  const many = (count: number, each: () => Part) => Array.from({ length: count }, each)
  const deep = (depth: number): Part => (depth === 1 ? part() : part([deep(depth - 1)]))

  test.each([
    { what: '61 children', page: part(many(61, () => part())), told: ['61 children'] },
    { what: '61 children, further in', page: part([part(many(61, () => part()))]), told: ['61 children'] },
    { what: '60', page: part(many(60, () => part())), told: [] },
    { what: '30 levels', page: deep(30), told: ['30 depth'] },
    { what: '29', page: deep(29), told: [] },
    {
      what: '1,000 elements',
      page: part(many(27, () => part(many(36, () => part())))),
      told: ['1000 elements'],
    },
    { what: 'as many runs of text', page: part(many(99, () => ({ tag: '#text', children: [] }))), told: [] },
  ])('$what: $told', ({ page, told }) => expect(tooMuch(page)).toEqual(told))
})
