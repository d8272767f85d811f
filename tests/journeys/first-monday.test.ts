import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { instantOf } from '#domain/day'
import { type EarnestServer, earnestServer } from '../support/earnest-server'
import { closeBrowser, type H5Phone, h5Phone } from '../support/h5-phone'
import type { Phone } from '../support/phone'
import { largeRoster } from '../support/rosters'
import { type WeappPhone, weappPhone } from '../support/weapp/weapp-phone'
import { wechatOf } from '../support/weapp/wechat-side'

/** From an empty server to a first Monday: nothing is seeded, everybody does their own part. */
const monday = '2026-03-09'
const patience = 30_000
const twoDays = 2 * 86_400_000

let server: EarnestServer
let folder = ''
const phones: Phone[] = []

beforeAll(async () => {
  server = await earnestServer(instantOf('2026-03-06', '10:00'))
  folder = await mkdtemp(path.join(tmpdir(), 'roster-'))
})
afterAll(async () => {
  for (const phone of phones) await phone.close()
  await server.close()
  await closeBrowser()
  await rm(folder, { recursive: true })
}, 30_000)

async function browser(clockAheadMs = 0): Promise<H5Phone> {
  const phone = await h5Phone({ url: server.url, clockAheadMs })
  phones.push(phone)
  return phone
}

/** A phone in WeChat, whose account has this openid. */
async function wechatPhone(openid: string, clockAheadMs = 0): Promise<WeappPhone> {
  const phone = await weappPhone({ serverUrl: server.url, clockAheadMs })
  wechatOf(phone.handset).giveCode = () => server.wechat.codeFor(openid)
  phones.push(phone)
  return phone
}

async function signInByText(phone: Phone, code: string): Promise<void> {
  await phone.open()
  await phone.tap('登录')
  await phone.tap('我已阅读并同意')
  await phone.fill('邀请码', code)
  await phone.tap('登录')
}

/** The first time in WeChat: the account is nobody's yet, and the invitation makes it theirs. */
async function bindsWechat(phone: Phone, code: string): Promise<void> {
  await phone.open()
  await phone.tap('登录')
  await phone.tap('我已阅读并同意')
  await phone.tap('用微信登录')
  await phone.sees('第一次使用：填写邀请码', patience)
  await phone.fill('邀请码', code)
  await phone.tap('绑定并登录')
}

/** Opens somebody's sheet in a list of people, and reads the code it shows. */
async function invites(phone: Phone, row: string): Promise<string> {
  await phone.tap(row)
  await phone.tap((await phone.screen()).includes('重新发邀请') ? '重新发邀请' : '发邀请')
  await phone.sees('只能使用一次')
  const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await phone.screen())?.[0]
  if (code === undefined) throw new Error(`no code in\n${await phone.screen()}`)
  await phone.tap('完成')
  return code
}

/** What the row is called that begins so: its words up to the mark at its end. */
async function rowOf(phone: Phone, beginning: string): Promise<string> {
  const screen = await phone.screen()
  const at = screen.indexOf(beginning)
  if (at < 0) throw new Error(`${beginning} is not in\n${screen}`)
  return screen.slice(at, screen.indexOf('›', at))
}

test('the first Monday of an association', async () => {
  const file = path.join(folder, '花名册.xlsx')
  await writeFile(file, await largeRoster({ branches: 110, people: 330 }))

  // The admin comes in with the operator's invitation and imports 110 branches.
  const office = await browser()
  await signInByText(office, server.adminInvitation)
  await office.tap('花名册导入')
  const chooser = office.page.waitForEvent('filechooser')
  await office.tap('选择文件')
  await (await chooser).setFiles(file)
  await office.sees('每一行都读取了', patience)
  await office.sees('110')
  await office.tap('确认导入')
  await office.sees('新支部 110 个，新增 330 人')
  await office.tap('导入')
  await office.sees('支部 110 个，人员 330 人', patience)

  // and invites the secretary of one of them.
  await office.tap('支部与书记 先给各支部书记发邀请，成员由书记邀请')
  await office.sees('查找支部')
  const [branch, secretaryName] = await firstBranch()
  await office.fill('查找支部', branch)
  await office.sees(secretaryName)
  const secretaryCode = await invites(office, await rowOf(office, branch))

  // The secretary comes in with WeChat, and invites two members.
  const secretary = await wechatPhone('openid-of-the-secretary')
  await bindsWechat(secretary, secretaryCode)
  await secretary.sees('登记簿', patience)
  await secretary.tap('成员与邀请')
  await secretary.sees('点一位同志发邀请', patience)
  const [first, second] = await membersOf(branch)
  if (first === undefined || second === undefined) throw new Error('the branch is too small')
  const firstCode = await invites(secretary, await rowOf(secretary, first))
  const secondCode = await invites(secretary, await rowOf(secretary, second))

  // One member joins in WeChat by the mini-program code, the other in a browser by text. Their clocks
  // are two days off: the phones go by the server's.
  const inWechat = await wechatPhone('openid-of-the-first', twoDays)
  await inWechat.open(`pages/sign-in/index?scene=${encodeURIComponent(`i.${firstCode.replaceAll('-', '')}`)}`)
  await inWechat.tap('我已阅读并同意')
  await inWechat.tap('用微信登录')
  await inWechat.tap('绑定并登录')
  await inWechat.sees('周汇朝学', patience)
  const inBrowser = await browser(-twoDays)
  await signInByText(inBrowser, secondCode)
  await inBrowser.sees('3月9日', patience)

  // Monday morning.
  server.setTime(instantOf(monday, '08:26'))
  for (const phone of [inWechat, inBrowser]) {
    await phone.open()
    await phone.sees('签到', patience)
    await phone.tap('签到')
    await phone.sees('已到会', patience)
  }
  await secretary.open()
  await secretary.sees(/2\s*到会/, patience)
  await secretary.tap('打开本周登记簿')
  await secretary.tap('全部 3')
  await secretary.sees(first, patience)
  await secretary.sees(/2\s*到会/)

  // A lost phone: the secretary unbinds, the old phone is out.
  await secretary.open()
  await secretary.tap('成员与邀请')
  await secretary.sees('点一位同志发邀请', patience)
  await secretary.tap(await rowOf(secretary, first))
  await secretary.tap('解除绑定')
  await secretary.sees('本人会在所有设备上退出')
  await secretary.tap('解除绑定')
  await secretary.sees('已解除', patience)
  await inWechat.open()
  await inWechat.sees('登录已失效', patience)

  // The same person on a new phone finds everything.
  await secretary.open()
  await secretary.tap('成员与邀请')
  await secretary.sees('点一位同志发邀请', patience)
  const newCode = await invites(secretary, await rowOf(secretary, first))
  const newPhone = await wechatPhone('openid-of-the-first')
  await bindsWechat(newPhone, newCode)
  await newPhone.sees('已到会', patience)
}, 240_000)

/** A branch whose name begins no other's, and its secretary. */
async function firstBranch(): Promise<[string, string]> {
  const { rows } = await server.database.pool.query<{ branch: string; name: string }>(
    `SELECT branches.value->>'name' AS branch, people.value->>'name' AS name FROM rows AS branches
      JOIN rows AS people ON people.type = 'profile' AND people.value->'appointments'->0->>'branchId' = branches.value->>'id'
      WHERE branches.type = 'branch' ORDER BY length(branches.value->>'name') DESC LIMIT 1`,
  )
  const row = rows[0]
  if (row === undefined) throw new Error('nobody was imported')
  return [row.branch, row.name]
}

/** Two of the branch, by the beginning of their rows. */
async function membersOf(branch: string): Promise<string[]> {
  const { rows } = await server.database.pool.query<{ name: string }>(
    `SELECT people.value->>'name' AS name FROM rows AS branches
      JOIN rows AS people ON people.type = 'membership' AND people.scope = 'review:' || (branches.value->>'id')
      JOIN rows AS profiles ON profiles.type = 'profile' AND profiles.scope = 'member:' || (people.value->>'personId')
      WHERE branches.type = 'branch' AND branches.value->>'name' = $1
        AND jsonb_array_length(profiles.value->'appointments') = 0`,
    [branch],
  )
  return rows.map(({ name }) => name)
}
