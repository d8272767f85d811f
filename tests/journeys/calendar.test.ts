import { addDays, dayOf, formatDay, isoWeekday, mondayOf, weekNumber, weekOf, weeksFrom } from '#domain/day'
import { branchId } from '#domain/ids'
import type { Records } from '#domain/records'
import { branchScope, organizationScope } from '#domain/scopes'
import { nextStudy } from '#domain/upcoming'
import type { OpenStudy } from '#domain/weekly-study'
import { weeksPlanned } from '#server/jobs/plan-weeks'
import { readRecords } from '#server/storage/rows'
import { demoOrganizationId } from '../../server/demo/cast'
import { admin, linXiao, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, untilItOpensOffline } from '../support/journey'
import { until } from '../support/phone'
import { testNow } from '../support/test-clock'

const branch = branchId(linXiao.branchId ?? '')
const organization = organizationScope(demoOrganizationId)
/** The jobs run every ten seconds, and the phone asks every three. */
const planned = 30_000

const onServer = (server: DemoServer): Promise<Records> =>
  readRecords(server.database.pool, [
    { scope: branchScope(branch), type: 'weekly-study', prefix: '' },
    { scope: organization, type: 'horizon', key: 'horizon' },
  ])

/** The server's records once they are as a journey needs them: after a pass of the jobs, at the latest. */
const onceOnServer = (server: DemoServer, isSo: (records: Records) => boolean): Promise<Records> =>
  until(
    async () => {
      const records = await onServer(server)
      return isSo(records) ? records : undefined
    },
    () => 'the jobs have not planned what was expected',
    planned,
  )

const lastPlannedWeek = () => weekOf(addDays(dayOf(testNow()), 7 * (weeksPlanned - 1)))
const stateOf = (records: Records, week: string) =>
  records.get(branchScope(branch), 'weekly-study', week)?.state

/** What the line of an ordinary study is called in 学习日程. */
const lineOf = ({ heldOn, week, moved, topic }: OpenStudy) =>
  `${formatDay(heldOn)} · 第 ${weekNumber(week)} 周 ${[moved, topic].filter(Boolean).join(' · ')} ${moved ? '顺延' : ''}`

journey(
  'the secretary moves the next study to another day and says why; a member reads both',
  async ({ phoneOf, server }) => {
    const records = await onceOnServer(server, (all) => stateOf(all, lastPlannedWeek()) !== undefined)
    const study = nextStudy(records, branch, testNow())
    if (study === undefined) throw new Error('no study is planned')
    const day = addDays(mondayOf(study.week), isoWeekday(study.heldOn) === 3 ? 3 : 2)

    const he = await phoneOf(secretary)
    await he.tap('学习日程')
    await he.tap(lineOf(study))
    await he.tap(`改到 ${formatDay(day)}`)
    await he.fill('改动原因', '会议室检修')
    await he.tap('保存')
    await he.sees('本支部改期')
    await he.sees(`${formatDay(day)} · 第 ${weekNumber(study.week)} 周`)

    await onceOnServer(server, (all) => nextStudy(all, branch, testNow())?.heldOn === day)
    const lin = await phoneOf(linXiao)
    await lin.sees(`下一次学习 · ${formatDay(day)}`)
    await lin.sees('会议室检修')
  },
)

journey(
  'a suggestion written without signal arrives, the admin answers, and the member reads the answer',
  async ({ phoneOf }) => {
    const lin = await phoneOf(linXiao)
    await untilItOpensOffline(lin)
    await lin.tap('我的')
    await lin.tap('投诉建议 直接交机关党委，不经过支部')
    await lin.sees('由机关党委管理员阅读和答复，不经过支部')
    await lin.loseSignal()
    await lin.tap('类别 建议')
    await lin.fill('内容', '能不能把会议室的钟校准')
    await lin.tap('提交')
    await lin.sees('等待送达')
    await lin.regainSignal()
    await lin.sees(/建议\s*[0-9A-Z]{4}-\d+/, 10_000)

    const liang = await phoneOf(admin)
    await liang.tap('各支部情况 1 件投诉建议待处理')
    await liang.tap('投诉建议 1 件待处理')
    const line = async () => {
      await liang.sees('能不能把会议室的钟校准')
      const from = /(建议\s*[0-9A-Z]{4}-\d+[^\n]*)\n?/.exec(await liang.screen())?.[1] ?? ''
      return `能不能把会议室的钟校准 ${from}`
    }
    await liang.tap(`${await line()} 已提交`)
    await liang.tap('先受理')
    await lin.sees('受理中', 10_000)

    await liang.tap(`${await line()} 受理中`)
    await liang.fill('答复内容', '已请后勤校准')
    await liang.tap('答复')
    await liang.sees('没有待处理的投诉建议')
    await lin.sees('答复：已请后勤校准', 10_000)
    await lin.sees('已答复')
  },
)

journey(
  'the admin enters the notice of a year nobody had published: its weeks get their days',
  async ({ phoneOf, server }) => {
    const before = await onceOnServer(server, (all) => stateOf(all, lastPlannedWeek()) !== undefined)
    const known = before.get(organization, 'horizon', 'horizon')?.knownUntil ?? ''
    const year = Number(known.slice(0, 4)) + 1
    const waiting = weeksFrom(weekOf(dayOf(testNow())), weeksPlanned)
      .map((week, index) => ({ week, index, monday: mondayOf(week) }))
      .filter(({ monday }) => monday.startsWith(`${year}-`))
    const first = waiting[0]
    if (first === undefined) throw new Error(`no week of ${year} is planned yet`)
    const isWaiting = (records: Records) =>
      waiting.some(({ week }) => stateOf(records, week) === 'unconfirmed')
    expect(isWaiting(before)).toBe(true)

    const he = await phoneOf(secretary)
    await he.tap('学习日程')
    for (let shown = 26; first.index >= shown; shown += 26) await he.tap('再看以后的')
    await he.sees('日期待确认')
    await he.sees(`${year} 年放假安排还没有公布`)

    const liang = await phoneOf(admin)
    await liang.tap('各支部情况 按支部和周次，只读')
    await liang.tap('放假安排 各年的放假、周一放假时怎样顺延')
    await liang.tap(`${year} 年 公布后照通知录入 还没有`)
    await liang.tap('元旦 还没有填写')
    await liang.fill('放假第一天', first.monday)
    await liang.fill('放假最后一天', first.monday)
    await liang.tap('完成')
    await liang.sees('元旦顺延至周二')
    await liang.tap('保存')
    await liang.sees('还没有填写春节、清明节')
    await liang.tap('仍然保存')
    await liang.sees('已保存')

    const after = await onceOnServer(server, (all) => !isWaiting(all))
    expect(after.get(organization, 'horizon', 'horizon')?.knownUntil).toBe(`${year}-12-31`)
    await he.sees(`${formatDay(addDays(first.monday, 1))} · 第 ${weekNumber(first.week)} 周`, planned)
    await he.sees('元旦顺延至周二')
  },
)
