import { unzipSync } from 'fflate'
import { formatDay } from '#domain/day'
import { admin, committeeMember, secretary } from '../support/cast'
import { exported, rowsOf } from '../support/exported'
import { journey } from '../support/journey'
import type { Phone } from '../support/phone'

const rows = {
  ledger: '学习台账 各次学习、缺席与请假、更改记录 · 表格',
  register: '登记簿 这一次的登记、缺席与请假 · 表格',
}

async function openLedger(phone: Phone): Promise<void> {
  await phone.tap('各周登记簿')
  await phone.tap('台账与导出 登记簿、签到表、学习记录、台账和手册')
  await phone.sees('按季度')
}

/** What stands above a word on the screen: 「到会率 27/38」. */
const figure = async (phone: Phone, name: string) => {
  const screen = await phone.screen()
  const found = new RegExp(`${name}\\s*(\\d+/\\d+)`).exec(screen)?.[1]
  if (found === undefined) throw new Error(`no ${name} on ${screen}`)
  return found
}

journey('a ledger says what the screen says, and every paper of a week opens', async ({ phoneOf }) => {
  const he = await phoneOf(secretary)
  await openLedger(he)
  await he.tap('按年')
  await he.sees('2026年 ·')
  const onScreen = {
    到会率: await figure(he, '到会率'),
    参学率: await figure(he, '参学率'),
    无故缺席: await figure(he, '无故缺席'),
  }
  const ledger = await exported(he, rows.ledger)
  expect(ledger.name).toBe('学习台账-科技馆第三党支部-2026年.xlsx')
  const studies = await rowsOf(ledger.bytes, '学习台账')
  expect(studies.find(({ 日期 }) => 日期 === '2026年合计')).toMatchObject(onScreen)
  await he.sees('已导出「学习台账-科技馆第三党支部-2026年.xlsx」')

  await he.tap('按季度')
  await he.tap('上一期')
  await he.sees('2026年第3季度 · ')
  const third = await exported(he, rows.ledger)
  const sums = await rowsOf(third.bytes, '学习台账')
  expect(sums.find(({ 日期 }) => 日期 === '2026年第3季度合计')).toMatchObject({
    参学率: await figure(he, '参学率'),
  })

  await he.sees(`第 46 周 · ${formatDay('2026-11-09')}`)
  await he.tap('上一次')
  await he.sees(`第 45 周 · ${formatDay('2026-11-02')}`)
  const register = await exported(he, rows.register)
  expect(register.name).toBe('登记簿-科技馆第三党支部-2026-11-02.xlsx')
  for (const [paper, word] of [
    ['签到表 应到名单，留出签名处 · 文档，可打印', '签名'],
    ['学习记录 时间、地点、到会情况已填好，写过学习记录的也填好 · 文档', '学习内容'],
    ['支部学习手册 汇总和各次学习 · 文档，可打印', '各次学习'],
  ] as const) {
    const { name, bytes } = await exported(he, paper)
    expect(name).toMatch(new RegExp(`^${paper.split(' ')[0]}-.*\\.docx$`))
    const document = unzipSync(new Uint8Array(bytes))['word/document.xml']
    expect(new TextDecoder().decode(document)).toContain(word)
  }
})

journey('without signal an export says so, and works when it is back', async ({ phoneOf }) => {
  const luo = await phoneOf(committeeMember)
  await openLedger(luo)
  await luo.loseSignal()
  await luo.tap(rows.register)
  await luo.sees('没有连上服务器，请检查网络后再试')
  await luo.regainSignal()
  const { bytes } = await exported(luo, rows.register)
  expect((await rowsOf(bytes, '登记簿')).length).toBeGreaterThan(30)
})

journey('the admin takes all branches home, without a name', async ({ phoneOf }) => {
  const liang = await phoneOf(admin)
  await liang.tap('各支部情况 按支部和周次，只读')
  const { name, bytes } = await exported(
    liang,
    '各支部学习台账（2026年11月） 按支部和各次学习，不含姓名 · 表格',
  )
  expect(name).toBe('各支部学习台账-2026年11月.xlsx')
  const branches = await rowsOf(bytes, '各支部')
  expect(branches.map(({ 支部 }) => 支部)).toContain('科技馆第三党支部')
})
