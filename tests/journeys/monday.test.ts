import { lineKey } from '#domain/attendance'
import { addDays, dayOf, mondayOf, weekOf } from '#domain/day'
import { branchId, personId } from '#domain/ids'
import { reviewScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { committeeMember, fangShusheng, linXiao, secretary, studyLead } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, journeyOn, untilItOpensOffline } from '../support/journey'
import { until } from '../support/phone'
import { testNow } from '../support/test-clock'
import { weappPhone } from '../support/weapp/weapp-phone'

const branch = branchId(linXiao.branchId ?? '')
const thisWeek = () => weekOf(dayOf(testNow()))
async function lineOf(server: DemoServer, who: string, week = thisWeek()) {
  const scope = reviewScope(branch)
  const key = lineKey(week, personId(who))
  const records = await readRecords(server.database.pool, [{ scope, type: 'register-line', key }])
  return records.get(scope, 'register-line', key)
}

journey(
  'Lin Xiao checks in without signal, her phone restarts, the signal comes back: the secretary sees it within five seconds, once',
  async ({ phoneOf, server }) => {
    const he = await phoneOf(secretary)
    await he.tap('打开本周登记簿')
    await he.sees('林晓')

    const lin = await phoneOf(linXiao)
    await untilItOpensOffline(lin)
    await lin.loseSignal()
    await lin.tap('签到')
    await lin.sees('已记录在本机')
    expect(await lineOf(server, 'lin-xiao')).toBeUndefined()

    await lin.open() // a cold start, still without signal
    await lin.sees('已记录在本机')
    await lin.sees('当前没有网络，您可以照常使用')
    await lin.sees('未送达 1 条')

    await lin.regainSignal()
    await lin.sees('已到会')
    await lin.seesNo('未送达')
    await he.tap('全部 38')
    await he.sees('林晓', 5_000)
    await he.sees('签到', 5_000)
    expect(await lineOf(server, 'lin-xiao')).toMatchObject({ standing: 'on-time', via: 'own', version: 1 })
  },
)

journeyOn(
  'weapp',
  'the server’s first two requests are lost: the check-in arrives once all the same',
  async ({ phoneOf, server }) => {
    const lin = await phoneOf(linXiao)
    let lost = 0
    lin.onRequest = ({ url }) => {
      if (!url.endsWith('/v1/sync') || lost >= 2) return 'pass'
      lost += 1
      return lost === 1 ? 'drop-request' : 'drop-answer'
    }
    await lin.tap('签到')
    await lin.sees('已记录在本机')
    await lin.sees('已到会', 15_000)
    expect(lost).toBe(2)
    expect(await lineOf(server, 'lin-xiao')).toMatchObject({ version: 1 })
  },
)

journeyOn('weapp', 'a tap on 签到 is small: few setData calls, few bytes', async ({ phoneOf }) => {
  const lin = await phoneOf(linXiao)
  await lin.sees('签到')
  await lin.loseSignal()
  await new Promise((resolve) => setTimeout(resolve, 300))
  lin.resetSetData()
  await lin.tap('签到')
  await lin.sees('已记录在本机')
  const { calls, bytes } = lin.setData
  console.log(`a check-in tap on weapp: ${calls} setData calls, ${bytes} bytes (gates 3 and 2048, aim 500)`)
  expect(calls).toBeLessThanOrEqual(3)
  expect(bytes).toBeLessThanOrEqual(2048)
})

journeyOn(
  'weapp',
  'a full phone says 未保存, and the check-in works again once there is room',
  async ({ phoneOf }) => {
    const lin = await phoneOf(linXiao)
    lin.storageFull = true
    await lin.tap('签到')
    await lin.sees('未保存：手机存储空间已满')
    lin.storageFull = false
    await lin.tap('签到')
    await lin.sees('已到会')
  },
)

journey(
  'the secretary fills the register, decides what waits, closes it, reopens it and mends a line',
  async ({ phoneOf, server }) => {
    const he = await phoneOf(secretary)
    await he.tap('打开本周登记簿')
    await he.sees('应到')
    await he.tap('方树声 到会')
    await he.seesNo('方树声')

    await he.tap('待决定 2')
    await he.sees('请假待批')
    const waiting = await he.screen()
    const asked = /([^\n]+)\n请假待批/.exec(waiting)?.[1] ?? ''
    await he.tap(`${asked} 请假待批`)
    await he.tap('准假')
    await he.sees('处理请假：未登记 → 请假')
    await he.goBack()

    await he.tap('其余全部到会')
    await he.tap('全部到会')
    await he.tap('关闭登记')
    await he.tap('关闭')
    await he.sees('之后的更改会注明')
    const fang = await until(
      () => lineOf(server, 'fang-shusheng'),
      () => 'the line did not reach the server',
    )
    expect(fang).toMatchObject({ standing: 'on-time', via: 'keeper' })

    // After closing a change needs a reason, and shows.
    await he.tap('全部 38')
    await he.tap('林晓 到会')
    await he.tap('林晓 迟到')
    await he.fill('更改原因', '九点到的')
    await he.tap('更改')
    await he.sees('更改登记：到会 → 迟到')
    await he.sees('关闭后更改')
    await he.goBack()
    await he.tap('重新打开登记')
    await he.fill('原因', '还有一位同志漏记')
    await he.tap('重新打开')
    await he.sees('登记已重新打开')
  },
)

journey(
  'a leave is asked for the next study, the secretary grants it, and the member reads it',
  async ({ phoneOf, server }) => {
    const lin = await phoneOf(linXiao)
    await lin.tap('下次请假')
    await lin.tap('请假类别 公假')
    await lin.fill('说明（可不填）', '参加评审')
    await lin.tap('提出请假')
    await lin.sees('等待支部书记决定')

    const he = await phoneOf(secretary)
    await he.tap('下一次学习有 1 条请假待批')
    await he.tap('待决定 1')
    await he.tap('林晓 请假待批')
    await he.sees('参加评审')
    await he.tap('准假')
    await he.sees('处理请假：未登记 → 请假')
    await until(
      async () => {
        const line = await lineOf(server, 'lin-xiao', weekOf(addDays(mondayOf(thisWeek()), 7)))
        return line?.standing === 'excused' ? true : undefined
      },
      () => 'the decision did not reach the server',
    )

    await lin.open()
    await lin.sees('已准假')
  },
)

journey(
  'the committee member sees the register and records, and has nothing to close',
  async ({ phoneOf }) => {
    const luo = await phoneOf(committeeMember)
    await luo.tap('打开本周登记簿')
    await luo.tap('林晓 迟到')
    await luo.seesNo('关闭登记')
    await luo.tap('全部 38')
    await luo.sees('迟到')
  },
)

journey(
  'a member sees their own weeks, large type stays on, and signing out leaves nothing to read',
  async ({ phoneOf }) => {
    const fang = await phoneOf(fangShusheng)
    await fang.tap('我的')
    await fang.tap('大字模式')
    await fang.tap('记录')
    await fang.sees('第')
    await fang.open()
    await fang.tap('我的')
    await fang.sees('方树声')
    await fang.tap('退出登录')
    await fang.tap('退出')
    await fang.sees('还没有登录')
    await fang.open()
    await fang.sees('支部每周学习的登记簿')
    await fang.seesNo('方树声')
  },
)

journey(
  'a guest sees what it is, this week’s topic and the promises, without being sent anywhere',
  async ({ newPhone }) => {
    const guest = await newPhone()
    await guest.open()
    await guest.sees('支部每周学习的登记簿')
    await guest.sees('怎样加入')
    await guest.tap('减负自检 不打卡、不排名、不计时的承诺')
    await guest.sees('不排名、不积分、不计连续次数')
    await guest.goBack()
    await guest.tap('登录')
    await guest.tap('我已阅读并同意')
    await guest.fill('邀请码', 'AAAA-BBBB-CCCC')
    await guest.tap('登录')
    await guest.sees('邀请码不对或已过期')
  },
)

journey('the study lead is told what they lead', async ({ phoneOf }) => {
  const tang = await phoneOf(studyLead)
  await tang.sees('领学 唐书言')
})

journey('the secretary names topic, lead and place; a name nobody bears is told', async ({ phoneOf }) => {
  const he = await phoneOf(secretary)
  await he.tap('打开本周登记簿')
  await he.tap('安排主题、领学人和地点')
  await he.fill('学习主题', '科普为什么要讲故事')
  await he.fill('领学人', '没有此人')
  await he.tap('保存')
  await he.sees('支部里没有这位同志')
  await he.fill('领学人', '林晓')
  await he.tap('保存')
  await he.sees('已保存')
  await he.open()
  await he.sees('科普为什么要讲故事')
  await he.sees('领学 林晓')
})

journeyOn(
  'h5',
  'a second tab of the same person waits until the first is closed',
  async ({ phoneOf, server }) => {
    const lin = await phoneOf(linXiao)
    const second = await lin.context.newPage()
    await second.goto(server.url)
    await second.getByText('已在另一个窗口打开').first().waitFor()
    await lin.page.close()
    await second.getByRole('button', { name: '签到', exact: true }).waitFor()
  },
)

test('on weapp large type follows WeChat’s font setting', async () => {
  const large = await weappPhone({ fontSizeSetting: 22, serverUrl: 'http://127.0.0.1:9' })
  await large.open()
  expect([...large.drawn.all()].some((node) => /\blarge\b/.test(String(node.attribute('class'))))).toBe(true)
  await large.close()
})
