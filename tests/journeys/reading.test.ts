import { personId } from '#domain/ids'
import { memberScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { linXiao, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, untilItOpensOffline } from '../support/journey'
import { until } from '../support/phone'

const own = memberScope(personId(linXiao.personId))
const onServer = (server: DemoServer, count: number, chapter: number) =>
  until(
    async () => {
      const records = await readRecords(server.database.pool, [
        { scope: own, type: 'reading-note', prefix: '' },
        { scope: own, type: 'reading-progress', prefix: '' },
      ])
      const [progress] = records.list(own, 'reading-progress', '')
      const isThere = records.list(own, 'reading-note', '').length === count && progress?.chapter === chapter
      return isThere ? true : undefined
    },
    () => 'the server has not got that far',
    30_000,
  )

journey(
  'a secretary pastes a list; a reader reads without signal on two devices, and neither loses what the other said',
  async ({ phoneOf, server }) => {
    const he = await phoneOf(secretary)
    await he.open('/packages/reading/lists/index')
    await he.tap('新建支部清单')
    await he.fill('清单名称', '秋季共读')
    await he.tap('保存名称和说明')
    await he.sees('已保存')
    await he.fill('书目或链接', '1. 《科学的春天》｜5章｜必读\n2. 《看不懂的》｜甲｜乙｜丙')
    await he.sees('认不出「乙」「丙」')
    await he.fill('书目或链接', '1. 《科学的春天》｜5章｜必读\n2. 《山水之间》｜选读')
    await he.sees('认出 2 项，其中必读 1 项')
    await he.tap('添加到清单')
    await he.sees('已添加 2 项')

    const phone = await phoneOf(linXiao)
    const tablet = await phoneOf(linXiao)
    const devices = [phone, tablet]
    for (const device of devices) await untilItOpensOffline(device)
    await phone.open('/packages/reading/lists/index')
    await phone.sees('秋季共读')
    await phone.tap('秋季共读 2 项，必读 1 项')
    await phone.tap('《科学的春天》 必读 · 共 5 章')
    await phone.tap('开始读')
    await phone.tap('写一条')
    await phone.fill('笔记', '第一遍的想法')
    await phone.tap('保存')
    await phone.sees('第一遍的想法')
    await onServer(server, 1, 0)

    await tablet.open('/packages/reading/lists/index')
    await tablet.sees('已经开始读 · 秋季共读')
    await tablet.tap('《科学的春天》 已经开始读 · 秋季共读')
    await tablet.sees('第一遍的想法')
    for (const device of devices) await device.loseSignal()
    await phone.tap('读到第 1 章')
    await phone.tap('读到第 2 章')
    await phone.tap('修改')
    await phone.fill('笔记', '在手机上改的')
    await phone.tap('保存')
    await phone.sees('在手机上改的')
    await tablet.tap('读到第 1 章')
    await tablet.tap('修改')
    await tablet.fill('笔记', '在平板上改的')
    await tablet.tap('保存')
    await tablet.sees('在平板上改的')

    for (const device of devices) await device.regainSignal()
    await onServer(server, 3, 2)
    for (const device of devices) {
      await device.sees('读到第 2 章', 30_000)
      await device.sees('两台设备各写了一份，2 份都在下面', 30_000)
    }
    await tablet.tap('合并')
    await tablet.fill('笔记', '两边合在一起')
    await tablet.tap('保存')
    await tablet.seesNo('两台设备各写了一份')
    await onServer(server, 4, 2)

    await phone.sees('两边合在一起', 30_000)
    await phone.open('/pages/home/index')
    await phone.tap('《科学的春天》 读到第 2 章')
    await phone.tap('读完了')
    await phone.sees('已读')
  },
)
