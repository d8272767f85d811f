import { dayOf, formatDate } from '#domain/day'
import { memberScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { admin, linXiao, otherSecretary, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, journeyOn } from '../support/journey'
import type { Phone } from '../support/phone'
import { testNow } from '../support/test-clock'

const weekMs = 7 * 86_400_000

/** 「林晓 编号 … · 正式党员」, as her line begins. */
async function lineOfLin({ database }: DemoServer): Promise<string> {
  const scope = memberScope(linXiao.personId)
  const profiles = await readRecords(database.pool, [{ scope, type: 'profile', key: 'profile' }])
  const number = profiles.get(scope, 'profile', 'profile')?.number
  return `林晓 编号 ${number} · 正式党员`
}

const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/

/** The code on the screen, as somebody reads it out. */
async function codeOn(phone: Phone): Promise<string> {
  await phone.sees(code)
  return code.exec(await phone.screen())?.[0] ?? ''
}

async function typeIn(phone: Phone, given: string): Promise<void> {
  await phone.tap('我已阅读并同意')
  await phone.fill('邀请码', given)
  await phone.tap('登录')
}

journey(
  'the secretary invites Lin Xiao, who is in; unbound, she is out on her phone and loses nothing',
  async ({ phoneOf, newPhone, server }) => {
    const he = await phoneOf(secretary)
    await he.tap('成员与邀请')
    await he.tap(`${await lineOfLin(server)} 未邀请`)
    await he.tap('发邀请')
    await he.sees('给林晓的邀请')
    await he.sees('只能使用一次，请单独发给本人')
    const first = await codeOn(he)
    const until = formatDate(dayOf(testNow() + weekMs))
    await he.tap('完成')
    await he.tap(`${await lineOfLin(server)} 已发邀请（至 ${until}）`)
    await he.seesNo(first)
    await he.tap('关闭')

    const lin = await newPhone()
    await lin.open()
    await lin.tap('登录')
    await typeIn(lin, first.toLowerCase().replaceAll('-', ' '))
    await lin.sees('签到')

    await he.goBack()
    await he.tap('成员与邀请')
    await he.tap(`${await lineOfLin(server)} 已加入`)
    await he.tap('解除绑定')
    await he.sees('登记不受影响')
    await he.tap('取消')
    await he.tap('解除绑定')
    await he.tap('解除绑定')
    await he.sees('已解除绑定')

    await lin.tap('签到')
    await lin.sees('已记录在本机')
    await lin.sees('登录已失效，手机上的记录都在')

    await he.tap('发邀请')
    const another = await codeOn(he)
    await lin.tap('重新登录')
    await typeIn(lin, another)
    await lin.sees('已到会')
  },
)

journey(
  'a code that is used already lets nobody in, and the secretary is told what to do',
  async ({ phoneOf, newPhone, server }) => {
    const he = await phoneOf(secretary)
    await he.tap('成员与邀请')
    await he.tap(`${await lineOfLin(server)} 未邀请`)
    await he.tap('发邀请')
    const given = await codeOn(he)
    for (const words of ['签到', '这个邀请码已经用过']) {
      const phone = await newPhone()
      await phone.open()
      await phone.tap('登录')
      await typeIn(phone, given)
      await phone.sees(words)
    }
    await he.tap('完成')
    await he.goBack()
    await he.tap('成员与邀请')
    await he.tap(`${await lineOfLin(server)} · 邀请码需要核实 已加入`)
    await he.sees('有人再次使用了这个邀请码')
    await he.sees('请先解除绑定，再重新发邀请')
  },
)

journey('without signal the list says so, and comes when it is asked again', async ({ phoneOf }) => {
  const he = await phoneOf(secretary)
  await he.tap('成员与邀请')
  await he.sees('林晓')
  await he.goBack()
  await he.loseSignal()
  await he.tap('成员与邀请')
  await he.sees('没有连上服务器，请检查网络后再试')
  await he.regainSignal()
  await he.tap('重试')
  await he.sees('林晓')
})

journey('the admin finds a branch and invites its secretary', async ({ phoneOf, newPhone }) => {
  const liang = await phoneOf(admin)
  await liang.tap('支部与书记')
  await liang.sees('科技馆第三党支部')
  await liang.fill('查找支部', '植物')
  await liang.seesNo('科技馆第三党支部')
  await liang.tap('市植物学会党支部 支部书记 蒋望舒 未邀请')
  await liang.tap('发邀请')
  const jiang = await newPhone()
  await jiang.open()
  await jiang.tap('登录')
  await typeIn(jiang, await codeOn(liang))
  await jiang.sees('登记簿')
  expect(await jiang.screen()).toContain(otherSecretary.branchName)
})

journey('a member is offered none of it', async ({ phoneOf }) => {
  const lin = await phoneOf(linXiao)
  await lin.sees('签到')
  expect(await lin.screen()).not.toMatch(/成员与邀请|支部与书记|花名册/)
})

journeyOn('h5', 'what is sent to somebody is on the clipboard', async ({ phoneOf, server }) => {
  const he = await phoneOf(secretary)
  await he.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await he.tap('成员与邀请')
  await he.tap(`${await lineOfLin(server)} 未邀请`)
  await he.tap('发邀请')
  await he.sees('给林晓的邀请')
  await he.tap('复制文字')
  await he.sees('已复制，请粘贴到与本人的聊天里')
  const text = await he.page.evaluate(() => navigator.clipboard.readText())
  expect(text).toContain('林晓同志：请登录「周汇朝学」。')
  expect(text).toContain(await codeOn(he))
})
