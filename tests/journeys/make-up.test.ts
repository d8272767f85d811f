import { addDays, dayOf, formatDay, weekOf } from '#domain/day'
import { branchScope } from '#domain/scopes'
import { type HeldStudy, isHeld } from '#domain/weekly-study'
import { readRecords } from '#server/storage/rows'
import { castBranch } from '../../server/demo/cast'
import { linXiao, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { exported, rowsOf } from '../support/exported'
import { journey, untilItOpensOffline } from '../support/journey'
import { type Phone, until } from '../support/phone'
import { testNow } from '../support/test-clock'

async function studyNow({ database }: DemoServer): Promise<HeldStudy> {
  const scope = branchScope(castBranch.id)
  const key = weekOf(dayOf(testNow()))
  const records = await readRecords(database.pool, [{ scope, type: 'weekly-study', key }])
  const study = records.get(scope, 'weekly-study', key)
  if (study === undefined || !isHeld(study)) throw new Error('the demo has no study this week')
  return study
}

/** A number that stands beside a word on the screen. */
async function figure(phone: Phone, pattern: RegExp): Promise<number> {
  const screen = await phone.screen()
  const found = pattern.exec(screen)?.[1]
  if (found === undefined) throw new Error(`nothing like ${pattern} on ${screen}`)
  return Number(found)
}
const takingPart = (phone: Phone) => figure(phone, /参学率\s*(\d+)/)
const hours = (phone: Phone) => figure(phone, /年学时\s*([\d.]+) 学时/)

journey(
  'missed on Monday, made up without signal, returned, made up again, accepted: the rate and the hours follow',
  async ({ phoneOf, server }) => {
    const study = await studyNow(server)
    const day = formatDay(study.heldOn)
    const inTime = `${formatDay(addDays(study.heldOn, 7))}（含）以前补学的计入参学率`
    const he = await phoneOf(secretary)
    await he.tap('打开本周登记簿')
    await he.sees('应到')
    await he.tap('林晓 缺席')
    await he.tap('关闭登记')
    await he.tap('关闭')
    await he.sees('登记已于')
    const before = await takingPart(he)
    await he.goBack()

    const lin = await phoneOf(linXiao)
    await lin.tap('记录')
    await lin.tap('补学与学时 错过的学习可以补学，学时只有您自己能看到')
    await lin.sees(/年学时/)
    const hoursBefore = await hours(lin)
    await untilItOpensOffline(lin)
    await lin.loseSignal()
    await lin.tap(`${day} · ${study.topic} 缺席 · ${inTime}`)
    await lin.fill('一句心得', '读完了材料')
    await lin.tap('我已补学')
    await lin.sees('已记录在本机，联网后自动送达')
    await lin.regainSignal()
    await lin.seesNo('已记录在本机', 15_000)

    await he.sees('次补学待认可', 15_000)
    await he.tap(/有 \d+ 次补学待认可/.exec(await he.screen())?.[0] ?? '')
    await he.tap(`林晓 · ${day} 读完了材料`)
    await he.fill('退回的原因（本人可见）', '请联系自己的工作再写一句')
    await he.tap('退回')
    await he.seesNo(`林晓 · ${day} 读完了材料`)

    await lin.sees('书记退回：请联系自己的工作再写一句', 30_000)
    await lin.tap(`${day} · ${study.topic} 缺席 · 书记退回：请联系自己的工作再写一句 · ${inTime} 已退回`)
    await lin.fill('一句心得', '读完了材料，打算在科普讲座里讲给大家听')
    await lin.tap('我已补学')

    await he.sees('读完了材料，打算在科普讲座里讲给大家听', 30_000)
    await he.tap(`林晓 · ${day} 读完了材料，打算在科普讲座里讲给大家听`)
    await he.tap('认可')
    await he.sees('已补学')
    await he.goBack()
    await he.tap('打开本周登记簿')
    await he.sees('参学率')
    expect(await takingPart(he)).toBe(before + 1)
    await he.goBack()
    await he.tap('各周登记簿')
    await he.tap('台账与导出 登记簿、签到表、学习记录、台账和手册')
    const ledger = await exported(he, '学习台账 各次学习、缺席与请假、更改记录 · 表格')
    const row = (await rowsOf(ledger.bytes, '学习台账')).find(({ 主题 }) => 主题 === study.topic)
    expect(row?.参学率).toBe(`${before + 1}/${row?.应到}`)
    expect(await rowsOf(ledger.bytes, '缺席与请假')).toContainEqual(
      expect.objectContaining({ 姓名: '林晓', 登记: '缺席', 补学: '已补学' }),
    )

    await until(
      async () => ((await hours(lin)) === hoursBefore + study.studyHours ? true : undefined),
      () => lin.screen(),
      30_000,
    )
  },
)
