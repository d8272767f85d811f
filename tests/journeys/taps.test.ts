import { dayOf, weekOf } from '#domain/day'
import { readWeeks } from '#domain/ledger'
import { reviewOf } from '#domain/review'
import { readRecords } from '#server/storage/rows'
import { castBranch } from '../../server/demo/cast'
import { committeeMember, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey } from '../support/journey'
import { until } from '../support/phone'
import { testNow } from '../support/test-clock'

const branchId = castBranch.id
const week = weekOf(dayOf(testNow()))

async function reviewAt({ database }: DemoServer) {
  const records = await readRecords(database.pool, readWeeks(branchId, [week], { withLeaves: true }))
  const review = reviewOf(records, branchId, week)
  if (review === undefined) throw new Error('the demo has no register this week')
  return review
}

journey(
  'a secretary of some forty members is done in twelve taps when four are not recorded, whatever they were',
  async ({ phoneOf, server }) => {
    // Everybody but four is recorded, and no leave is left to be decided.
    const he = await phoneOf(secretary)
    await he.tap('打开本周登记簿')
    await he.tap('待决定 2')
    const asked = /([^\n]+)\n请假待批/.exec(await he.screen())?.[1] ?? ''
    await he.tap(`${asked} 请假待批`)
    await he.tap('准假')
    await he.sees('处理请假：未登记 → 请假')
    await he.goBack()
    await he.goBack()
    const luo = await phoneOf(committeeMember)
    await luo.tap('打开本周登记簿')
    await luo.sees('应到')
    const { members } = await reviewAt(server)
    const open = members.filter(({ name, standing }) => standing === 'unrecorded' && name !== asked)
    for (const { name } of open.slice(4)) await luo.tap(`${name} 到会`)
    await luo.sees('未登记 4')
    const four = open.slice(0, 4).map(({ name }) => name)
    expect(members.length).toBeGreaterThan(35)

    let taps = 0
    const tap = async (name: string) => {
      taps += 1
      await he.tap(name)
    }
    await tap('打开本周登记簿')
    await he.sees('未登记 4', 15_000)
    for (const [index, standing] of ['到会', '迟到', '请假', '缺席'].entries()) {
      await tap(`${four[index]} ${standing}`)
    }
    await tap('关闭登记')
    await tap('关闭')
    await he.sees('登记已于')
    expect(taps).toBeLessThanOrEqual(12)
    console.log(`a weekly review with four unrecorded: ${taps} taps of 12`)

    const standings = async () => {
      const { members: closed } = await reviewAt(server)
      return four.map((name) => closed.find((each) => each.name === name)?.standing).join(' ')
    }
    await until(
      async () => ((await standings()) === 'on-time late excused absent' ? true : undefined),
      standings,
      15_000,
    )
  },
)
