import { readFileSync } from 'node:fs'
import readXlsx from 'read-excel-file/node'
import { consentKey, consentVersion } from '#domain/consent'
import { dayOf, formatDay } from '#domain/day'
import { type OrganizationId, organizationId, personId } from '#domain/ids'
import { memberScope, organizationScope } from '#domain/scopes'
import { invite } from '#server/invitations'
import { inTransaction } from '#server/storage/database'
import { readRecords, writeChanges } from '#server/storage/rows'
import { linXiao, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, journeyOn, untilItOpensOffline } from '../support/journey'
import { type Phone, until } from '../support/phone'
import { testNow } from '../support/test-clock'
import type { WeappPhone } from '../support/weapp/weapp-phone'
import { tapAgree, wechatOf } from '../support/weapp/wechat-side'

const lin = personId(linXiao.personId)

async function openAccount(phone: Phone): Promise<void> {
  await phone.tap('我的')
  await phone.tap('我的账号 导出、更正、撤回同意、注销')
  await phone.sees('已登录的设备')
}

journey(
  'a member asks for a correction without signal; the secretary answers; the member reads the answer',
  async ({ phoneOf }) => {
    const phone = await phoneOf(linXiao)
    await untilItOpensOffline(phone)
    await openAccount(phone)
    await phone.loseSignal()
    await phone.tap('更正 某次学习的登记')
    await phone.fill('哪里不对，应当是什么', '上周我到会了，登记成了请假')
    await phone.tap('提出更正')
    await phone.sees('已记录在本机，联网后自动送达')
    await phone.sees('等待处理')
    await phone.regainSignal()
    await phone.seesNo('已记录在本机', 15_000)

    const he = await phoneOf(secretary)
    await he.tap('有 1 条更正申请待处理')
    await he.tap(`林晓 · 某次学习的登记 ${formatDay(dayOf(testNow()))}：上周我到会了，登记成了请假`)
    await he.fill('答复（本人可见）', '已按签到簿改为到会')
    await he.tap('已更正')
    await he.sees('已答复')
    await he.goBack()
    await he.sees('各周登记簿')
    await he.seesNo('更正申请待处理')

    await phone.sees('支部书记答复：已按签到簿改为到会', 30_000)
    await phone.sees('已更正')
  },
)

async function saysWhoIAm(file: Buffer): Promise<void> {
  const sheets = await readXlsx(file)
  expect(sheets.map(({ sheet }) => sheet)).toContain('学习登记')
  expect(JSON.stringify(sheets.find(({ sheet }) => sheet === '我的资料')?.data)).toContain('林晓')
}

journeyOn('weapp', 'one’s own records, exported, are a table that WeChat opens', async ({ phoneOf }) => {
  const phone = await phoneOf(linXiao)
  await openAccount(phone)
  await phone.tap('导出我的资料')
  const { opened } = wechatOf(phone.handset)
  const file = await until(
    () => opened[0],
    () => 'WeChat opened nothing',
  )
  expect(file.name).toBe('http://usr/我的资料.xlsx')
  await saysWhoIAm(file.bytes)

  phone.handset.signal = false
  await phone.tap('导出我的资料')
  await phone.sees('没有连上服务器，请检查网络后再试')
})

journeyOn('h5', 'one’s own records, exported, are a table that is downloaded', async ({ phoneOf }) => {
  const phone = await phoneOf(linXiao)
  await openAccount(phone)
  const downloading = phone.page.waitForEvent('download')
  await phone.tap('导出我的资料')
  const download = await downloading
  expect(download.suggestedFilename()).toBe('我的资料.xlsx')
  await saysWhoIAm(readFileSync(await download.path()))
})

journey(
  'who comes in by an invitation agrees first; taking it back signs them out on every phone, and coming in again asks again',
  async ({ newPhone, phoneOf, server }) => {
    const signInByInvitation = async (phone: Phone) => {
      const code = await invite(server.database, lin, testNow())
      await phone.tap('登录')
      await phone.fill('邀请码', code)
      await phone.sees('请先在上面打开「我已阅读并同意」')
      await phone.tap('我已阅读并同意')
      await phone.tap('登录')
      await phone.sees('这是演示', 10_000)
    }
    const phone = await newPhone()
    await phone.open()
    await signInByInvitation(phone)
    const other = await phoneOf(linXiao)
    await openAccount(phone)
    await phone.sees(`${consentVersion} 版，`)
    await phone.sees('2 台')

    await untilItOpensOffline(phone)
    await phone.loseSignal()
    await phone.tap('更正 其他')
    await phone.fill('哪里不对，应当是什么', '没有送达的一条')
    await phone.tap('提出更正')
    await phone.tap('撤回同意')
    await phone.sees('还有 1 条没有送达')
    await phone.tap('撤回并退出')
    await phone.sees('没有连上服务器，请检查网络后再试')
    await phone.regainSignal()
    await phone.seesNo('已记录在本机', 15_000)
    await phone.tap('撤回同意')
    await phone.tap('撤回并退出')
    await phone.sees('怎样加入')
    await other.open()
    await other.sees('登录已失效', 15_000)

    await signInByInvitation(phone)
    const scope = memberScope(lin)
    const records = await readRecords(server.database.pool, [{ scope, type: 'consent', prefix: '' }])
    expect(records.list(scope, 'consent', '')).toEqual([
      { version: consentVersion, givenAt: expect.any(Number), withdrawnAt: expect.any(Number) },
      { version: consentVersion, givenAt: expect.any(Number) },
    ])
  },
)

journey('signing out ends the session on the server too', async ({ phoneOf, server }) => {
  const phone = await phoneOf(linXiao)
  const open = async () => {
    const { rows } = await server.database.pool.query(
      'SELECT 1 FROM sessions WHERE scope = $1 AND ended_at IS NULL',
      [memberScope(lin)],
    )
    return rows.length
  }
  expect(await open()).toBe(1)
  await phone.tap('我的')
  await phone.tap('退出登录')
  await phone.tap('退出')
  await phone.sees('还没有登录')
  await until(
    async () => ((await open()) === 0 ? true : undefined),
    () => 'the session goes on',
  )
})

journey('an account’s end is asked for by typing the word, and taken back', async ({ phoneOf }) => {
  const phone = await phoneOf(linXiao)
  await openAccount(phone)
  await phone.tap('注销账号')
  await phone.sees('15 天冷静期')
  await phone.fill('请输入「注销」确认', '注销')
  await phone.tap('提出注销')
  await phone.sees('已提出注销申请')
  await phone.open() // it stays asked, and everything goes on working
  await phone.sees('这是演示')
  await openAccount(phone)
  await phone.tap('撤回注销申请')
  await phone.seesNo('已提出注销申请')
  await phone.sees('提出后有 15 天冷静期')
})

journey(
  'when the privacy text has changed, Home says so once, and the page takes the agreement',
  async ({ phoneOf, server }) => {
    await agreedToAnOlderText(server)
    const phone = await phoneOf(linXiao)
    await noLongerADemo(server)
    await phone.open()
    await phone.sees('隐私保护说明有更新', 15_000)
    await phone.tap('查看')
    await phone.sees('说明有更新，请您重新同意')
    await phone.tap('同意')
    await phone.seesNo('请您重新同意')
    await phone.goBack()
    await phone.sees('我的最近几周')
    await phone.seesNo('隐私保护说明有更新')
  },
)

journeyOn(
  'weapp',
  'who refuses WeChat’s privacy guide goes on using the app, and may agree later',
  async ({ phoneOf }) => {
    const he = await phoneOf(secretary)
    const wechat = wechatOf(he.handset)
    await openInvitation(he)
    await he.tap('复制文字')
    await he.sees('接下来要复制文字')
    await he.sees('《周汇朝学小程序隐私保护指引》')
    expect(wechat).toMatchObject({ exposures: 1, questions: ['setClipboardData'] })
    await he.tap('暂不同意')
    await he.sees('暂时不能复制文字。其他功能照常使用')
    await he.tap('复制文字')
    await he.sees('微信在您拒绝后 10 秒内不再询问')
    expect(wechat.questions).toHaveLength(1)

    await he.tap('完成')
    await he.goBack()
    await he.tap('打开本周登记簿')
    await he.tap('方树声 到会')
    await he.seesNo('方树声')

    wechat.refusedAt = 0 // ten seconds later
    await he.goBack()
    await openInvitation(he)
    await he.tap('复制文字')
    await he.tap('《周汇朝学小程序隐私保护指引》 点开阅读全文')
    expect(wechat.contractsOpened).toBe(1)
    await tapAgree(he)
    await he.sees('已复制')
    expect(wechat.clipboard).toMatch(/邀请码 [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/)
    await he.seesNo('请您先同意')
  },
)

async function openInvitation(he: WeappPhone): Promise<void> {
  await he.tap('成员与邀请')
  await he.sees('方树声')
  await he.tap(he.tappables.find((name) => name.startsWith('方树声')) ?? '方树声')
  await he.tap((await he.screen()).includes('重新发邀请') ? '重新发邀请' : '发邀请')
  await he.sees('复制文字')
}

const agreedToAnOlderText = (server: DemoServer) =>
  inTransaction(server.database, (client) =>
    writeChanges(client, [
      {
        scope: memberScope(lin),
        type: 'consent',
        key: consentKey(1),
        value: { version: '2020-01', givenAt: 1 },
      },
    ]),
  )

async function noLongerADemo(server: DemoServer): Promise<void> {
  const scope = organizationScope(await theOrganization(server))
  const records = await readRecords(server.database.pool, [
    { scope, type: 'organization', key: 'organization' },
  ])
  const organization = records.get(scope, 'organization', 'organization')
  if (organization === undefined) throw new Error('there is no organisation')
  const change = {
    scope,
    type: 'organization',
    key: 'organization',
    value: { ...organization, isDemo: false },
  } as const
  await inTransaction(server.database, (client) => writeChanges(client, [change]))
}

async function theOrganization(server: DemoServer): Promise<OrganizationId> {
  const { rows } = await server.database.pool.query<{ scope: string }>(
    `SELECT scope FROM rows WHERE type = 'organization'`,
  )
  return organizationId(rows[0]?.scope.slice('organization:'.length) ?? '')
}
