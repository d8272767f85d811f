import { branchId } from '#domain/ids'
import { branchScope, organizationScope, totalsScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { castBranch, demoOrganizationId } from '../../server/demo/cast'
import { admin, linXiao, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, untilItOpensOffline } from '../support/journey'
import { until } from '../support/phone'

const branch = branchId(linXiao.branchId ?? '')
const above = organizationScope(demoOrganizationId)
const totals = totalsScope(demoOrganizationId)
const month = '总结交流：学了什么、做了什么'

/** Waits until the server's records say so: its jobs run every ten seconds. */
const onceOnServer = (
  server: DemoServer,
  isSo: (records: Awaited<ReturnType<typeof readRecords>>) => boolean,
) =>
  until(
    async () => {
      const records = await readRecords(server.database.pool, [
        { scope: above, type: 'study-plan', key: '2026' },
        { scope: branchScope(branch), type: 'branch-plan', key: '2026' },
        { scope: branchScope(branch), type: 'weekly-study', prefix: '2027-W' },
        { scope: totals, type: 'branch-topics', prefix: '2026/' },
      ])
      return isSo(records) ? true : undefined
    },
    () => 'the server has not got that far',
    30_000,
  )

journey(
  'a plan is changed and handed down; a member reads the topic without signal; the branch goes its own way with it, and it shows above',
  async ({ phoneOf, server }) => {
    const liang = await phoneOf(admin)
    await liang.open('/packages/organization/overview/index')
    await liang.tap('编制学习计划 一年的阶段和专题，下发到各支部')
    await liang.sees('已下发，各支部按这一份学习')
    await liang.tap(`${month} 11月1日–11月30日`)
    await liang.fill('交流题目（可不填）', '一年里印象最深的一课\n明年想学什么')
    await liang.tap('保存')
    await liang.sees('有改动还没有下发')
    await liang.tap('下发到各支部')
    await liang.tap('下发')
    await liang.sees('已下发，各支部联网后约十秒收到')
    await onceOnServer(server, (records) => records.get(above, 'study-plan', '2026')?.version === 2)

    const lin = await phoneOf(linXiao)
    await untilItOpensOffline(lin)
    await lin.tap('学习')
    await lin.sees(month)
    await lin.loseSignal()
    await lin.tap('材料和交流题目')
    await lin.sees('一年里印象最深的一课')
    await lin.sees('上级下发')
    await lin.goBack()
    await lin.tap('学习计划 2026 年，3 个阶段')
    await lin.sees('第一阶段 学史明理')

    const he = await phoneOf(secretary)
    await he.tap('学习')
    await he.tap('学习计划 2026 年，3 个阶段')
    await he.sees('上级下发的计划有更新')
    await he.tap('在「第三阶段 学史力行」增加专题')
    await he.fill('专题名称', '科技馆里的党史')
    await he.fill('从哪一天起', '12月1日')
    await he.fill('到哪一天止', '12月32日')
    await he.tap('保存')
    await he.sees('请写成')
    await he.fill('到哪一天止', '12月20日')
    await he.tap('保存')
    await he.sees('支部增加')
    await he.tap('确认')
    await he.seesNo('上级下发的计划有更新')
    await onceOnServer(server, (records) => {
      const row = records.get(totals, 'branch-topics', `2026/${branch}`)
      return row?.own === 1 && row.confirmed === 2
    })

    await liang.open('/packages/organization/progress/index')
    await liang.sees('已确认计划')
    await liang.tap('第三阶段 学史力行')
    await liang.sees(`3 ${month}`)
    await liang.sees(castBranch.name)
  },
)
