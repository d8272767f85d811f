import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { lineChanges, lineKey } from '#domain/attendance'
import { commands, wireName } from '#domain/commands'
import { consentVersion } from '#domain/consent'
import { dayOf, formatDay, weekOf } from '#domain/day'
import { weekBefore } from '#domain/history'
import { branchId, personId } from '#domain/ids'
import { makeUpChanges } from '#domain/missed'
import { branchScope, memberScope, reviewScope, secretaryScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { castBranch } from '../../server/demo/cast'
import { type DemoServer, demoServer } from '../support/demo-server'
import { closeBrowser, type H5Phone, h5Phone } from '../support/h5-phone'
import { until } from '../support/phone'
import { testNow } from '../support/test-clock'
import { writePast } from '../support/write-past'

/** Every screen in its states, in ordinary and large type, in the light and in the dark: a screenshot
 *  to look at, axe, nothing cut off, and nothing too small to touch or to read. A shot added to a list is taken in all four. The pictures go
 *  to `screenshots/`, which git ignores. */
const folder = path.resolve('screenshots')
/** `SCREENS=study` opens only those whose name holds it. */
const asked = new RegExp(process.env.SCREENS ?? '')
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const thisWeek = weekOf(dayOf(testNow()))
const weekAfter = weekOf(dayOf(testNow() + 7 * 86_400_000))
const branch = 'branch-003'

let server: DemoServer
/** 「11月16日 周一 · 主题」, which three people missed. */
let missed: { readonly day: string; readonly topic: string }
beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  server = await demoServer()
  await askForCorrection()
  missed = await missTheLastStudy()
}, 60_000)
afterAll(async () => {
  await closeBrowser()
  await server.close()
})

/** Some lists are twenty screens, each looked at twice, on a machine that may be busy. */
const patienceMs = 300_000

interface Shot {
  readonly name: string
  readonly path: string
  /** What must be there before the picture is taken. */
  readonly sees: string
  readonly arrange?: (phone: H5Phone) => Promise<void>
}

const home = '/pages/home/index'
const register = `/packages/secretary/register/index?branch=${branch}&week=${thisWeek}`
const code = (week: string) => `/packages/secretary/code/index?branch=${branch}&week=${week}`
const chain = `/packages/chain/paste/index?branch=${branch}&week=${thisWeek}`
const schedule = `/packages/secretary/calendar/index?branch=${branch}`
const lineOf = (who: string, week = thisWeek) =>
  `/packages/secretary/line/index?branch=${branch}&week=${week}&member=${who}`

const calendar = `/packages/meetings/calendar/index?branch=${branch}`
const account = '/packages/member/account/index'
const makeUp = '/packages/member/make-up/index'
const makeUps = `/packages/secretary/make-ups/index?branch=${branch}`
const reflection = '补看了领学材料，准备把讲解员的故事讲给来参观的孩子们听，也请支部同志多提意见'
const ledger = `/packages/secretary/ledger/index?branch=${branch}`
const care = `/packages/secretary/care/index?branch=${branch}`
const corrections = `/packages/secretary/corrections/index?branch=${branch}`
/** Waits for the secretary, whichever screens were opened before. */
const correction = { name: '方树声', words: '我的姓名登记成了「方书声」，请改为「方树声」' }

const guest: Shot[] = [
  { name: 'guest-home', path: home, sees: '怎样加入' },
  { name: 'guest-history', path: '/pages/history/index', sees: '登录后可以看到自己的记录' },
  { name: 'guest-study', path: '/pages/study/index', sees: '登录后可以看到支部的学习计划' },
  { name: 'guest-me', path: '/pages/me/index', sees: '还没有登录' },
  { name: 'guest-leave', path: `/packages/member/leave/index?week=${thisWeek}`, sees: '请先登录' },
  { name: 'sign-in', path: '/pages/sign-in/index', sees: '演示：选一位同志进入' },
  {
    name: 'sign-in-refused',
    path: '/pages/sign-in/index',
    sees: '邀请码不对',
    async arrange(phone) {
      await phone.fill('邀请码', 'AAAA-BBBB-CCCC')
      await phone.tap('我已阅读并同意')
      await phone.tap('登录')
    },
  },
  { name: 'promises', path: '/pages/promises/index', sees: '这是一本登记簿' },
  { name: 'about', path: '/pages/about/index', sees: '政务应用备案号' },
  { name: 'privacy', path: '/packages/member/privacy/index', sees: '敏感个人信息：党员身份' },
  { name: 'guest-account', path: '/packages/member/account/index', sees: '请先登录' },
]

const member: Shot[] = [
  { name: 'home-before', path: home, sees: '签到' },
  {
    name: 'home-code',
    path: home,
    sees: '现场码是六位数字',
    async arrange(phone) {
      await phone.tap('输入现场码')
      await phone.fill('现场码', '123 45')
      await phone.tap('用现场码签到')
    },
  },
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
  { name: 'account', path: account, sees: '已登录的设备' },
  {
    name: 'account-withdrawing',
    path: account,
    sees: '撤回同意？',
    arrange: (phone) => phone.tap('撤回同意'),
  },
  {
    name: 'account-cancelling',
    path: account,
    sees: '注销账号？',
    arrange: (phone) => phone.tap('注销账号'),
  },
  {
    name: 'account-cancelled',
    path: account,
    sees: '已提出注销申请',
    async arrange(phone) {
      await phone.tap('注销账号')
      await phone.fill('请输入「注销」确认', '注销')
      await phone.tap('提出注销')
    },
  },
  {
    name: 'account-correction-asked',
    path: account,
    sees: '等待处理',
    async arrange(phone) {
      await phone.tap('更正 党员身份')
      await phone.fill('哪里不对，应当是什么', '我上个月已经转正，登记里还是预备党员，请核对后更正')
      await phone.tap('提出更正')
    },
  },
  { name: 'study', path: '/pages/study/index', sees: '材料和交流题目' },
  { name: 'study-plan', path: `/packages/study/plan/index?branch=${branch}`, sees: '第一阶段' },
  {
    name: 'study-topic',
    path: `/packages/study/plan/index?branch=${branch}`,
    sees: '学习和会议',
    arrange: (phone) => tapLike(phone, /开天辟地/),
  },
  { name: 'reading-lists', path: '/packages/reading/lists/index', sees: '支部共读' },
  {
    name: 'reading-found',
    path: '/packages/reading/lists/index',
    sees: '找到',
    arrange: (phone) => phone.fill('查找', '共产党'),
  },
  {
    name: 'reading-list',
    path: '/packages/reading/list/index?list=demoabove',
    sees: '《中国共产党简史》',
  },
  {
    name: 'reading-item',
    path: '/packages/reading/item/index?list=demoabove&item=i1',
    sees: '我读到这里想到的',
    async arrange(phone) {
      await phone.tap('开始读')
      await phone.tap('读到第 1 章')
      await phone.tap('写一条')
      await phone.fill('笔记', '我读到这里想到的一句话')
      await phone.tap('保存')
    },
  },
  {
    name: 'reading-writing',
    path: '/packages/reading/item/index?list=demoabove&item=i5',
    sees: '只有您自己能看到',
    arrange: (phone) => phone.tap('写一条'),
  },
  {
    name: 'reading-not-yours',
    path: '/packages/reading/edit/index?list=demoabove',
    sees: '没有修改这份清单的权限',
  },
  { name: 'reminders', path: '/packages/member/reminders/index', sees: '订阅支部日历' },
  { name: 'meetings-member', path: calendar, sees: '支部日程' },
  {
    name: 'meeting-member',
    path: calendar,
    sees: '议程',
    arrange: (phone) => tapLike(phone, /主题党日.*已通知/),
  },
  { name: 'make-up', path: makeUp, sees: '年学时' },
  {
    name: 'make-up-writing',
    path: makeUp,
    sees: '我已补学',
    async arrange(phone) {
      await phone.sees('可以补学')
      await phone.page
        .getByRole('button', { name: `${missed.day} · ${missed.topic}` })
        .first()
        .click()
      await phone.fill('一句心得', '补看了材料，联系自己的工作想到，科普要先把问题讲清楚')
    },
  },
  { name: 'feedback', path: '/packages/member/feedback/index', sees: '写给机关党委管理员' },
  {
    name: 'feedback-sent',
    path: '/packages/member/feedback/index',
    sees: '已提交',
    async arrange(phone) {
      await phone.tap('类别 建议')
      await phone.fill('内容', '三楼会议室的投影看不清楚，坐在后排的同志看不到领学材料，能不能换一块幕布')
      await phone.tap('提交')
    },
  },
  { name: 'about-member', path: '/pages/about/index', sees: '投诉建议' },
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
  { name: 'account-offline', path: account, sees: '没有连上服务器' },
  { name: 'home-done', path: home, sees: '已到会', arrange: (phone) => phone.regainSignal() },
]

const secretary: Shot[] = [
  { name: 'home-secretary', path: home, sees: '登记簿' },
  { name: 'corrections', path: corrections, sees: '等待处理' },
  {
    name: 'corrections-answering',
    path: corrections,
    sees: '答复（本人可见）',
    arrange: (phone) =>
      phone.tap(`${correction.name} · 姓名 ${formatDay(dayOf(testNow()))}：${correction.words}`),
  },
  { name: 'make-ups', path: makeUps, sees: '等待认可' },
  { name: 'ledger', path: ledger, sees: '支部学习手册' },
  {
    name: 'ledger-done',
    path: ledger,
    sees: '已导出「学习台账',
    async arrange(phone) {
      await phone.tap('按年')
      await phone.tap('学习台账 各次学习、缺席与请假、更改记录 · 表格')
      await phone.sees('已导出', 20_000)
    },
  },
  {
    name: 'ledger-offline',
    path: ledger,
    sees: '没有连上服务器',
    async arrange(phone) {
      await phone.loseSignal()
      await phone.tap('签到表 应到名单，留出签名处 · 文档，可打印')
      await phone.sees('没有连上服务器')
      await phone.regainSignal()
    },
  },
  {
    name: 'make-ups-deciding',
    path: makeUps,
    sees: '退回的原因（本人可见）',
    arrange: (phone) => phone.tap(`许知夏 · ${missed.day} ${reflection}`),
  },
  { name: 'care', path: care, sees: '也没有请假' },
  {
    name: 'care-noting',
    path: care,
    sees: '写一句（本人导出资料时也能看到）',
    arrange: (phone) => tapLike(phone, /^已联系.*写一句$/),
  },
  { name: 'care-nobody', path: care.replace(branch, 'branch-002'), sees: '没有需要提醒的' },
  { name: 'register', path: register, sees: '应到' },
  { name: 'code', path: code(thisWeek), sees: '每 60 秒换一次' },
  { name: 'code-ended', path: code(weekBefore(thisWeek)), sees: '本次签到已截止' },
  { name: 'code-upcoming', path: code(weekAfter), sees: '还没有开始签到' },
  { name: 'chain', path: chain, sees: '粘贴群接龙' },
  {
    name: 'chain-reviewing',
    path: chain,
    sees: '请您决定',
    async arrange(phone) {
      const lines = ['#接龙', '1. 许知夏 到会', '2、方树声 请假（出差）', '3. 林萧', '4. 没有这个人']
      await phone.fill('接龙内容', lines.join('\n'))
      await phone.tap('读取')
    },
  },
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
  {
    name: 'reading-edit',
    path: `/packages/reading/edit/index?branch=${branch}&list=demobranch`,
    sees: '认出 1 项',
    arrange: (phone) => phone.fill('书目或链接', '《山水之间》｜选读\n甲｜乙｜丙'),
  },
  {
    name: 'reading-edit-item',
    path: `/packages/reading/edit/index?branch=${branch}&list=demobranch`,
    sees: '修改一项',
    arrange: (phone) => tapLike(phone, /乡土中国/),
  },
  { name: 'schedule', path: schedule, sees: '第' },
  {
    name: 'schedule-change',
    path: schedule,
    sees: '改到本周的另一天',
    async arrange(phone) {
      await phone.page.locator('.taro_page:not(.taro_page_shade) .row').nth(1).click()
    },
  },
  { name: 'settings', path: `/packages/secretary/settings/index?branch=${branch}`, sees: '开始签到' },
  {
    name: 'settings-wrong',
    path: `/packages/secretary/settings/index?branch=${branch}`,
    sees: '还没有保存',
    async arrange(phone) {
      await phone.fill('开始签到', '八点一刻')
      await phone.tap('顺延规则 固定星期')
      await phone.tap('保存')
    },
  },
  { name: 'line-unknown', path: lineOf('nobody-here'), sees: '没有找到这一条' },
]

const planMeeting = `/packages/meetings/plan/index?branch=${branch}`

let votings = 0
/** Of the secretary: meetings, from the calendar to the minutes. */
const meetings: Shot[] = [
  {
    name: 'plan-topic-form',
    path: `/packages/study/plan/index?branch=${branch}`,
    sees: '请填写专题名称',
    async arrange(phone) {
      await phone.tap('在「第一阶段 学史明理」增加专题')
      await phone.tap('保存')
    },
  },
  { name: 'meetings-month', path: calendar, sees: '安排会议' },
  {
    name: 'meetings-year',
    path: calendar,
    sees: '各期情况',
    async arrange(phone) {
      await phone.tap('全年应开次数')
      await tapLike(phone, /^主题党日/)
    },
  },
  {
    name: 'meeting-incomplete',
    path: calendar,
    sees: '还缺',
    arrange: (phone) => tapLike(phone, /集中学习.*待补全/),
  },
  {
    name: 'minutes-wrong',
    path: calendar,
    sees: '第 2 行',
    async arrange(phone) {
      await tapLike(phone, /集中学习.*待补全/)
      await phone.tap('写会议记录')
      await phone.fill('会议内容', '围绕科学家精神交流体会，提出把讲解词改得更通俗。')
      await phone.fill('交流发言', '许知夏：谈了在一线讲解的体会\n：没有写姓名')
      await phone.tap('保存')
    },
  },
  {
    name: 'meeting-upcoming',
    path: calendar,
    sees: '取消会议',
    arrange: (phone) => tapLike(phone, /主题党日.*已通知/),
  },
  {
    name: 'meeting-cancelling',
    path: calendar,
    sees: '取消这次会议？',
    async arrange(phone) {
      await tapLike(phone, /主题党日.*已通知/)
      await phone.tap('取消会议')
    },
  },
  {
    name: 'meeting-filed',
    path: calendar,
    sees: '赞成',
    async arrange(phone) {
      await phone.tap('上个月')
      await tapLike(phone, /支部党员大会/)
    },
  },
  { name: 'meeting-plan', path: planMeeting, sees: '时间、地点和议程' },
  {
    name: 'meeting-plan-wrong',
    path: planMeeting,
    sees: '请看上面的红字',
    async arrange(phone) {
      await phone.tap('会议类别 支委会')
      await phone.fill('日期', '下周五')
      await phone.tap('保存')
    },
  },
  {
    name: 'meeting-voting',
    path: planMeeting,
    sees: '更正原因',
    async arrange(phone) {
      await phone.tap('会议类别 支部党员大会')
      await phone.fill('议题或主题', '讨论接收预备党员')
      await phone.fill('日期', dayOf(testNow()))
      votings += 1 // one in ordinary and one in large type, not at the same time
      await phone.fill('开始', `0${votings}:00`)
      await phone.fill('结束', `0${votings}:40`)
      await phone.tap('保存')
      await until(
        async () => {
          const { rows } = await server.database.pool.query(
            `SELECT key FROM rows WHERE type = 'meeting' AND value->>'topic' = '讨论接收预备党员'`,
          )
          return rows.length === votings ? true : undefined
        },
        () => 'the meeting was not planned',
        15_000,
      )
      await phone.page.goto(`${phone.page.url().split('#')[0]}#${calendar}`)
      await phone.page.reload() // the month it stood at is forgotten
      await phone.page
        .getByRole('button', { name: /支部党员大会.*讨论接收预备党员/ })
        .filter({ visible: true })
        .last()
        .click()
      await phone.tap('打开登记簿')
      await phone.tap('其余全部到会')
      await phone.tap('全部到会')
      await phone.goBack()
      await phone.sees('可以表决')
      await phone.tap('记一次表决')
      await phone.fill('表决事项', '同意接收')
      await phone.fill('赞成', '30')
      await phone.tap('记下')
      await tapLike(phone, /^同意接收/)
    },
  },
]

const people = `/packages/secretary/people/index?branch=${branch}`
const tapLike = (phone: H5Phone, name: RegExp) =>
  phone.page.getByRole('button', { name }).filter({ visible: true }).first().click()

/** Of the secretary: how people of the branch come in. */
const inviting: Shot[] = [
  { name: 'people', path: people, sees: '许知夏' },
  { name: 'people-sheet', path: people, sees: '发邀请后', arrange: (phone) => tapLike(phone, /^罗一鸣/) },
  {
    name: 'membership',
    path: people,
    sees: '保存变动',
    async arrange(phone) {
      await tapLike(phone, /^许知夏/)
      await phone.tap('名册变动')
      await phone.tap('变动 长期请假')
      await phone.fill('从哪一天起', '9月1日')
    },
  },
  {
    name: 'people-invited',
    path: people,
    sees: '给唐书言的邀请',
    async arrange(phone) {
      await tapLike(phone, /^唐书言/)
      await tapLike(phone, /发邀请$/)
    },
  },
  {
    name: 'people-waiting',
    path: people,
    sees: '没有留下的话',
    arrange: (phone) => tapLike(phone, /^唐书言/),
  },
  {
    name: 'people-claimed-again',
    path: people,
    sees: '有人再次使用了这个邀请码',
    async arrange(phone) {
      await tapLike(phone, /^方树声/)
      await tapLike(phone, /发邀请$/)
      const code = (await phone.page.locator('.code').filter({ visible: true }).textContent()) ?? ''
      const body = JSON.stringify({ code, consent: consentVersion })
      const headers = { 'content-type': 'application/json' }
      const show = () => fetch(`${server.url}/v1/sessions/invitation`, { method: 'POST', headers, body })
      expect([(await show()).status, (await show()).status]).toEqual([200, 403])
      await phone.page.reload()
      await tapLike(phone, /^方树声/)
    },
  },
  {
    name: 'people-unbinding',
    path: people,
    sees: '解除方树声的绑定？',
    async arrange(phone) {
      await tapLike(phone, /^方树声/)
      await phone.tap('解除绑定')
    },
  },
  {
    name: 'roster-of-branch',
    path: `/packages/organization/roster/index?branch=${branch}`,
    sees: '由机关党委管理员导入',
  },
  {
    name: 'people-unreachable',
    path: people,
    sees: '重试',
    async arrange(phone) {
      await phone.sees('许知夏')
      await phone.loseSignal()
      await phone.page.goto(`${phone.page.url().split('#')[0]}#${home}`)
      await phone.tap('成员与邀请')
    },
  },
]

const keepers = '/packages/organization/keepers/index'
const roster = '/packages/organization/roster/index'
const person = `/packages/organization/person/index?branch=${branch}&member=xu-zhixia`
/** Somebody new each time, in a branch of their own: the other screens keep their figures. */
const rosterFile = () => {
  const start = Date.now() % 1_000_000
  const name = (index: number) => `${'赵钱孙李周'[index % 5]}${'春夏秋冬晨'[Math.floor(index / 5)]}`
  return [
    '支部名称,类别,姓名,编号,党员身份,职务,手机号',
    ...Array.from({ length: 25 }, (_, index) =>
      ['市科普志愿者协会联合党支部', '科技社团', name(index), `Z${start + index}`, '正式党员', '', ''].join(
        ',',
      ),
    ),
    '市科普志愿者协会联合党支部,科技社团,吴晓岚,,正式党员,,',
    '市科普志愿者协会联合党支部,科技社团,郑远航,Z9,党员同志,,',
  ].join('\n')
}
async function pick(phone: H5Phone, name: string, text: string): Promise<void> {
  const choosing = phone.page.waitForEvent('filechooser')
  await phone.tap('选择文件')
  await (await choosing).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
}

/** Of the admin, before anybody else can begin. */
const settingUp: Shot[] = [
  { name: 'home-admin-setting-up', path: home, sees: '花名册导入' },
  { name: 'keepers', path: keepers, sees: '支部书记' },
  {
    name: 'keepers-none-found',
    path: keepers,
    sees: '没有找到',
    arrange: (phone) => phone.fill('查找支部', '天文'),
  },
  { name: 'keepers-sheet', path: keepers, sees: '关闭', arrange: (phone) => tapLike(phone, /何秋岚/) },
  { name: 'person', path: person, sees: '保存职务' },
  {
    name: 'person-transfer',
    path: person,
    sees: '在新支部应到',
    async arrange(phone) {
      await phone.fill('查找支部', '机关')
      await phone.page.locator('.row').filter({ visible: true }).first().click()
    },
  },
  { name: 'roster', path: roster, sees: '选择文件' },
  {
    name: 'roster-unreadable',
    path: roster,
    sees: '下载模板',
    async arrange(phone) {
      await pick(phone, '名单.csv', '')
      await phone.page.locator('.notice-red').waitFor()
    },
  },
  {
    name: 'roster-preview',
    path: roster,
    sees: '这些行不会导入',
    arrange: (phone) => pick(phone, '花名册.csv', rosterFile()),
  },
  {
    name: 'roster-confirming',
    path: roster,
    sees: '导入这些更改？',
    async arrange(phone) {
      await pick(phone, '花名册.csv', rosterFile())
      await phone.tap('确认导入')
    },
  },
  {
    name: 'roster-done',
    path: roster,
    sees: '已导入',
    async arrange(phone) {
      await pick(phone, '花名册.csv', rosterFile())
      await phone.tap('确认导入')
      await phone.tap('导入')
    },
  },
  {
    name: 'keepers-without-secretary',
    path: keepers,
    sees: '用花名册设置书记',
    async arrange(phone) {
      await phone.sees('支部书记')
      await phone.tap('尚无书记')
    },
  },
]

const overseer: Shot[] = [
  { name: 'home-admin', path: home, sees: '各支部情况' },
  { name: 'overview', path: '/packages/organization/overview/index', sees: '各支部情况' },
]

const notice = `/packages/organization/notice/index?year=${Number(thisWeek.slice(0, 4)) + 2}`
async function enterSpringFestival(phone: H5Phone) {
  await phone.tap('春节 还没有填写')
  await phone.fill('放假第一天', '2月6日')
  await phone.fill('放假最后一天', '2月16日')
  await phone.fill('调休上班（可不填）', '2月20日')
}
const setUp: Shot[] = [
  { name: 'desk', path: '/packages/organization/desk/index', sees: '已提交' },
  {
    name: 'desk-answering',
    path: '/packages/organization/desk/index',
    sees: '答复内容',
    async arrange(phone) {
      await phone.page.locator('.taro_page:not(.taro_page_shade) .row').first().click()
    },
  },
  { name: 'calendar', path: '/packages/organization/calendar/index', sees: '各年的放假安排' },
  { name: 'notice', path: notice, sees: '照公布的通知填写' },
  {
    name: 'notice-line',
    path: notice,
    sees: '放假第一天',
    arrange: enterSpringFestival,
  },
  {
    name: 'notice-filled',
    path: notice,
    sees: '保存后变动的学习',
    async arrange(phone) {
      await enterSpringFestival(phone)
      await phone.tap('完成')
    },
  },
  { name: 'topics', path: '/packages/organization/topics/index', sees: '下发到各支部的主题' },
  { name: 'plan-draft', path: '/packages/organization/study-plan/index', sees: '已下发，各支部' },
  {
    name: 'plan-draft-topic',
    path: '/packages/organization/study-plan/index',
    sees: '删除这个专题',
    arrange: (phone) => tapLike(phone, /开天辟地/),
  },
  {
    name: 'plan-progress',
    path: '/packages/organization/progress/index',
    sees: '还没有安排的支部',
    arrange: (phone) => tapLike(phone, /^1 /),
  },
  { name: 'joint', path: '/packages/organization/joint/index', sees: '安排联合会议' },
  {
    name: 'joint-form',
    path: '/packages/organization/joint/index',
    sees: '请至少选两个支部',
    async arrange(phone) {
      await phone.tap('安排联合会议')
      await phone.fill('议题或主题', '联合主题党日：科普惠农')
      await phone.tap(castBranch.name)
      await phone.tap('保存')
    },
  },
]

const casts = [
  { who: undefined, shots: guest },
  { who: { ordinary: 'lin-xiao', large: 'fang-shusheng' }, shots: member },
  { who: { ordinary: 'he-qiulan', large: 'he-qiulan' }, shots: secretary },
  { who: { ordinary: 'he-qiulan', large: 'he-qiulan' }, shots: meetings },
  { who: { ordinary: 'he-qiulan', large: 'he-qiulan' }, shots: inviting },
  { who: { ordinary: 'liang-yizhen', large: 'liang-yizhen' }, shots: settingUp },
  { who: { ordinary: 'tao-jingxing', large: 'liang-yizhen' }, shots: overseer },
  { who: { ordinary: 'liang-yizhen', large: 'liang-yizhen' }, shots: setUp },
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
      for (const shot of shots.filter(({ name }) => asked.test(name))) {
        await goTo(shot.path.startsWith('/') ? shot.path : lineOf(await memberWith(shot.path)))
        await phone.sees(shot.arrange === undefined ? shot.sees : '', 15_000)
        await shot.arrange?.(phone)
        await phone.sees(shot.sees, 15_000)
        await phone.page.waitForTimeout(150)
        problems.push(...(await wrongWith(phone.page, `${shot.name}-${size}`)))
      }
      await phone.close()
      expect(problems).toEqual([])
    },
    patienceMs,
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
      problems.push(...(await wrongWith(page, `${name}-${size}`)))
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
  patienceMs,
)

async function askForCorrection(): Promise<void> {
  const memberId = personId('fang-shusheng')
  const value = {
    ...correction,
    id: 'screens.00000001',
    branchId: branchId(branch),
    memberId,
    subject: 'name',
    state: 'asked',
    askedAt: testNow(),
    version: 1,
  } as const
  const changes = [memberScope(memberId), secretaryScope(value.branchId)].map(
    (scope) => ({ scope, type: 'correction', key: value.id, value }) as const,
  )
  await writePast(server.database, value.branchId, changes)
}

/** Two find it on their phones, and the third has made it up. */
async function missTheLastStudy(): Promise<typeof missed> {
  const home = branchId(branch)
  const review = reviewScope(home)
  const who = ['lin-xiao', 'fang-shusheng', 'xu-zhixia'].map((each) => personId(each))
  for (let week = weekBefore(thisWeek); ; week = weekBefore(week)) {
    const records = await readRecords(server.database.pool, [
      { scope: branchScope(home), type: 'weekly-study', key: week },
      ...who.map((each) => ({ scope: review, type: 'register-line' as const, key: lineKey(week, each) })),
    ])
    const study = records.get(branchScope(home), 'weekly-study', week)
    if (study?.state !== 'closed') continue
    const changes = who.flatMap((memberId) => {
      const line = records.get(review, 'register-line', lineKey(week, memberId))
      if (line === undefined) throw new Error(`${memberId} was not expected`)
      return lineChanges(study, line, { ...line, standing: 'absent', via: 'closing', madeUp: undefined })
    })
    const done = makeUpChanges({
      week,
      branchId: home,
      memberId: personId('xu-zhixia'),
      reflection,
      state: 'done',
      firstDoneAt: testNow(),
      doneAt: testNow(),
      receivedAt: testNow(),
      version: 1,
    })
    // Whatever the demo has them make up already: no phone has seen it yet.
    await server.database.pool.query(
      `DELETE FROM rows WHERE type = 'make-up' AND value->>'week' = $1 AND value->>'memberId' = ANY($2)`,
      [week, who],
    )
    await writePast(server.database, home, [...changes, ...done])
    return { day: formatDay(study.heldOn), topic: study.topic }
  }
}

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

/** Takes the screen as it stands, in the light and in the dark; what is wrong, each with its picture. */
async function wrongWith(page: Page, name: string): Promise<string[]> {
  const shoot = (picture: string) => page.screenshot({ path: path.join(folder, `${picture}.png`) })
  await page.evaluate(axeSource)
  await shoot(name)
  const inLight = [...(await foundByAxe(page)), ...(await cutOff(page)), ...(await tooSmall(page))]
  await page.emulateMedia({ colorScheme: 'dark' })
  await shoot(`${name}-dark`)
  const inDark = await foundByAxe(page, ['color-contrast']) // the dark changes nothing else
  await page.emulateMedia({ colorScheme: 'light' })
  return [...inLight.map((each) => `${name}: ${each}`), ...inDark.map((each) => `${name}-dark: ${each}`)]
}

async function foundByAxe(page: Page, only?: string[]): Promise<string[]> {
  const options = JSON.stringify(only === undefined ? {} : { runOnly: only })
  const results = (await page.evaluate(`axe.run(${options})`)) as AxeResults
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 160)}`)
}

function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
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
}

/** In px: the least side of what is tapped, and the least type. */
const least = { ordinary: { side: 44, type: 14 }, large: { side: 60, type: 18 } }

function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate((sizes) => {
    const shown = [...document.querySelectorAll<HTMLElement>('.page *')].filter(
      (element) => element.offsetParent !== null,
    )
    const leastFor = (element: HTMLElement) => (element.closest('.large') ? sizes.large : sizes.ordinary)
    return shown.flatMap((element) => {
      const { width, height } = element.getBoundingClientRect()
      const { side, type } = leastFor(element)
      const said = element.textContent?.slice(0, 40)
      const hasWords = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      const size = Number.parseFloat(getComputedStyle(element).fontSize)
      return [
        ...(element.classList.contains('tap') && Math.min(width, height) < side
          ? [`too small to touch: ${said}, ${width} × ${height}`]
          : []),
        ...(hasWords && size < type ? [`too small to read: ${said}, ${size}`] : []),
      ]
    })
  }, least)
}

test.each(['ordinary', 'large'] as const)(
  'what is too small in %s type alone is told',
  async (size) => {
    const phone = await h5Phone({ url: server.url })
    await phone.open('pages/home/index')
    await phone.sees('怎样加入', 15_000)
    if (size === 'large') {
      await phone.tap('大字模式')
      await phone.seesNo('大字模式')
    }
    expect(await tooSmall(phone.page)).toEqual([])
    const { side, type } = least[size]
    await phone.page.addStyleTag({
      content: `.page .button { height: ${side - 1}px; min-height: 0; padding: 0; font-size: ${type - 1}px }`,
    })
    expect(await tooSmall(phone.page)).toEqual([
      expect.stringMatching(/^too small to touch: 登录/),
      expect.stringMatching(/^too small to read: 登录/),
    ])
    await phone.close()
  },
  60_000,
)

test('words too dim for the dark alone are told', async () => {
  const phone = await h5Phone({ url: server.url })
  await phone.open('pages/promises/index')
  await phone.sees('这是一本登记簿', 15_000)
  await phone.page.addStyleTag({
    content: '@media (prefers-color-scheme: dark) { .page { --ink: #5c564f } }',
  })
  await phone.page.evaluate(axeSource)
  expect(await foundByAxe(phone.page)).toEqual([])
  await phone.page.emulateMedia({ colorScheme: 'dark' })
  expect(await foundByAxe(phone.page)).toEqual([expect.stringMatching(/^axe color-contrast/)])
  await phone.close()
}, 60_000)

test('every command has a word in the tray', () => {
  const source = readFileSync(path.resolve('src/features/tray/TrayView.tsx'), 'utf8')
  for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
    expect(source).toMatch(new RegExp(`['"]?${wireName(name).split('@')[0]}['"]?:`))
  }
})
