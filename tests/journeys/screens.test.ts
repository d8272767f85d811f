import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { commands, wireName } from '#domain/commands'
import { dayOf, weekOf } from '#domain/day'
import { weekBefore } from '#domain/history'
import { branchId, personId } from '#domain/ids'
import { reviewScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { type DemoServer, demoServer } from '../support/demo-server'
import { closeBrowser, type H5Phone, h5Phone } from '../support/h5-phone'

/** Every screen in its states, in ordinary and large type: a screenshot to look at, axe, and
 *  nothing cut off. The pictures go to `screenshots/`, which git ignores. */
const folder = path.resolve('screenshots')
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const thisWeek = weekOf(dayOf(Date.now()))
const branch = 'branch-003'

let server: DemoServer
beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  server = await demoServer()
}, 60_000)
afterAll(async () => {
  await closeBrowser()
  await server.close()
})

interface Shot {
  readonly name: string
  readonly path: string
  /** What must be there before the picture is taken. */
  readonly sees: string
  readonly arrange?: (phone: H5Phone) => Promise<void>
}

const home = '/pages/home/index'
const register = `/packages/secretary/register/index?branch=${branch}&week=${thisWeek}`
const lineOf = (who: string, week = thisWeek) =>
  `/packages/secretary/line/index?branch=${branch}&week=${week}&member=${who}`

const guest: Shot[] = [
  { name: 'guest-home', path: home, sees: '怎样加入' },
  { name: 'guest-history', path: '/pages/history/index', sees: '登录后可以看到自己的记录' },
  { name: 'guest-me', path: '/pages/me/index', sees: '还没有登录' },
  { name: 'guest-leave', path: `/packages/member/leave/index?week=${thisWeek}`, sees: '请先登录' },
  { name: 'sign-in', path: '/pages/sign-in/index', sees: '演示：选一位同志进入' },
  {
    name: 'sign-in-refused',
    path: '/pages/sign-in/index',
    sees: '邀请码不对',
    async arrange(phone) {
      await phone.fill('邀请码', 'AAAA-BBBB-CCCC')
      await phone.tap('登录')
    },
  },
  { name: 'promises', path: '/pages/promises/index', sees: '这是一本登记簿' },
  { name: 'about', path: '/pages/about/index', sees: '政务应用备案号' },
]

const member: Shot[] = [
  { name: 'home-before', path: home, sees: '签到' },
  { name: 'leave-asking', path: `/packages/member/leave/index?week=${thisWeek}`, sees: '提出请假' },
  { name: 'history', path: '/pages/history/index', sees: '第' },
  { name: 'me', path: '/pages/me/index', sees: '退出登录' },
  {
    name: 'me-leaving',
    path: '/pages/me/index',
    sees: '退出登录？',
    arrange: (phone) => phone.tap('退出登录'),
  },
  { name: 'tray-empty', path: '/packages/member/tray/index', sees: '都已送达' },
  {
    name: 'home-recorded-offline',
    path: home,
    sees: '当前没有网络',
    async arrange(phone) {
      await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
      await phone.loseSignal()
      await phone.tap('签到')
      await phone.sees('已记录在本机')
    },
  },
  { name: 'tray-waiting', path: '/packages/member/tray/index', sees: '等待送达' },
  { name: 'home-done', path: home, sees: '已到会', arrange: (phone) => phone.regainSignal() },
]

const secretary: Shot[] = [
  { name: 'home-secretary', path: home, sees: '登记簿' },
  { name: 'register', path: register, sees: '应到' },
  {
    name: 'register-open-cases',
    path: register,
    sees: '请假待批',
    arrange: (phone) => phone.tap('待决定 2'),
  },
  { name: 'register-all', path: register, sees: '请假', arrange: (phone) => phone.tap('全部 38') },
  {
    name: 'register-rest',
    path: register,
    sees: '人全部到会？',
    arrange: (phone) => phone.tap('其余全部到会'),
  },
  {
    name: 'register-closing',
    path: register,
    sees: '关闭这次登记？',
    arrange: (phone) => phone.tap('关闭登记'),
  },
  { name: 'line-held', path: 'held', sees: '请决定' },
  { name: 'line-leave', path: 'asked', sees: '请假待批' },
  { name: 'line-empty', path: lineOf('xu-zhixia'), sees: '还没有登记' },
  { name: 'weeks', path: `/packages/secretary/weeks/index?branch=${branch}`, sees: '登记中' },
  {
    name: 'register-closed',
    path: `/packages/secretary/register/index?branch=${branch}&week=${weekBefore(thisWeek)}`,
    sees: '关闭',
  },
  {
    name: 'plan',
    path: `/packages/secretary/plan/index?branch=${branch}&week=${thisWeek}`,
    sees: '领学人',
  },
  { name: 'line-unknown', path: lineOf('nobody-here'), sees: '没有找到这一条' },
]

const overseer: Shot[] = [
  { name: 'home-admin', path: home, sees: '各支部情况' },
  { name: 'overview', path: '/packages/organization/overview/index', sees: '各支部情况' },
]

const casts = [
  { who: undefined, shots: guest },
  { who: { ordinary: 'lin-xiao', large: 'fang-shusheng' }, shots: member },
  { who: { ordinary: 'he-qiulan', large: 'he-qiulan' }, shots: secretary },
  { who: { ordinary: 'tao-jingxing', large: 'liang-yizhen' }, shots: overseer },
]

describe.each(['ordinary', 'large'] as const)('%s type', (size) => {
  test.each(casts)(
    '$shots.0.name and the others of this person',
    async ({ who, shots }) => {
      const phone = await h5Phone({ url: server.url })
      const person = who?.[size]
      await phone.open()
      const goTo = (path: string) => phone.page.goto(`${server.url}/${person ? `?as=${person}` : ''}#${path}`)
      await goTo('/pages/me/index')
      await phone.sees(person === undefined ? '还没有登录' : '退出登录', 15_000)
      if (size === 'large') await phone.tap('大字模式')
      const problems: string[] = []
      for (const shot of shots) {
        await goTo(shot.path.startsWith('/') ? shot.path : lineOf(await memberWith(shot.path)))
        await phone.sees(shot.arrange === undefined ? shot.sees : '', 15_000)
        await shot.arrange?.(phone)
        await phone.sees(shot.sees, 15_000)
        await phone.page.waitForTimeout(150)
        await phone.page.screenshot({ path: path.join(folder, `${shot.name}-${size}.png`) })
        problems.push(...(await found(phone.page)).map((each) => `${shot.name}: ${each}`))
      }
      await phone.close()
      expect(problems).toEqual([])
    },
    120_000,
  )
})

/** What is shown when something is wrong: each brought about for real. */
test.each(['ordinary', 'large'] as const)(
  'trouble, in %s type',
  async (size) => {
    const person = size === 'large' ? 'tang-shuyan' : 'xu-zhixia'
    const phone = await h5Phone({ url: server.url })
    const problems: string[] = []
    const shoot = async (name: string, sees: string, page = phone.page) => {
      await page.getByText(sees).first().waitFor()
      await page.screenshot({ path: path.join(folder, `${name}-${size}.png`) })
      problems.push(...(await found(page)).map((each) => `${name}: ${each}`))
    }
    const goTo = (to: string, page = phone.page) => page.goto(`${server.url}/?as=${person}#${to}`)
    await phone.open()
    await goTo('/pages/me/index')
    await phone.sees('退出登录', 15_000)
    if (size === 'large') await phone.tap('大字模式')

    // A leave for the next study, waiting.
    await goTo(home)
    await phone.tap('下次请假')
    await phone.tap('请假类别 事假')
    await phone.tap('提出请假')
    await shoot('leave-asked', '已提出请假')

    // Open a second time.
    const second = await phone.context.newPage()
    await goTo(home, second)
    await shoot('elsewhere', '已在另一个窗口打开', second)
    await second.close()

    // Recorded without signal; meanwhile the week was taken off.
    await goTo(home)
    await phone.sees('签到')
    await phone.loseSignal()
    await phone.tap('签到')
    await phone.sees('已记录在本机')
    const notHeld = JSON.stringify({
      state: 'not-held',
      week: thisWeek,
      version: 99,
      isOverridden: true,
      reason: '会议室检修',
    })
    const study = [`branch:${branch}`, thisWeek]
    const kept = await server.database.pool.query(
      `SELECT value FROM rows WHERE scope = $1 AND type = 'weekly-study' AND key = $2`,
      study,
    )
    const write = (value: string) =>
      server.database.pool.query(
        `WITH raised AS (UPDATE scopes SET head = head + 1 WHERE scope = $1 RETURNING head)
       UPDATE rows SET value = $3, seq = raised.head FROM raised
         WHERE scope = $1 AND type = 'weekly-study' AND key = $2`,
        [...study, value],
      )
    await write(notHeld)
    await phone.regainSignal()
    await shoot('home-not-held', '本周停学')
    await shoot('home-refused', '有 1 条记录没有被接受')
    await goTo('/packages/member/tray/index')
    await shoot('tray-refused', '这一周不安排学习')
    await write(JSON.stringify(kept.rows[0].value))

    // The session was ended elsewhere.
    await server.database.pool.query('UPDATE sessions SET ended_at = 1 WHERE scope = $1', [
      `member:${person}`,
    ])
    await goTo(home)
    await phone.page.reload()
    await shoot('home-signed-out', '登录已失效')

    // The phone's storage cannot be read.
    await phone.context.addInitScript(() => {
      IDBObjectStore.prototype.get = () => {
        throw new DOMException('no reading', 'UnknownError')
      }
    })
    await phone.page.reload()
    await shoot('storage-trouble', '手机存储暂时读不出来')
    await phone.close()
    expect(problems).toEqual([])
  },
  120_000,
)

/** Somebody whose line waits this week: a held claim, or a leave that was asked. */
async function memberWith(what: string): Promise<string> {
  const review = reviewScope(branchId(branch))
  const leave = `leave:${branch}` as const
  const records = await readRecords(server.database.pool, [
    { scope: review, type: 'register-line', prefix: `${thisWeek}/` },
    { scope: leave, type: 'leave', prefix: `${thisWeek}/` },
  ])
  const held = records.list(review, 'register-line', '').find((line) => line.standing === 'held')
  const asked = records.list(leave, 'leave', '').find((each) => each.state === 'asked')
  return (what === 'held' ? held?.memberId : asked?.memberId) ?? personId('nobody')
}

async function found(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const results = (await page.evaluate('axe.run()')) as AxeResults
  const serious = results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 160)}`)
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.page *')]
      .filter((element) => element.offsetParent !== null && element.children.length === 0)
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect()
        const hidden =
          getComputedStyle(element).overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1
        return hidden || right > window.innerWidth + 1 || left < -1
      })
      .map((element) => `cut off: ${element.textContent?.slice(0, 40)}`),
  )
  return [...serious, ...cut]
}

test('every command has a word in the tray', () => {
  const source = readFileSync(path.resolve('src/features/tray/TrayView.tsx'), 'utf8')
  for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
    expect(source).toMatch(new RegExp(`['"]?${wireName(name).split('@')[0]}['"]?:`))
  }
})
