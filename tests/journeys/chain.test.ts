import { lineKey } from '#domain/attendance'
import { dayOf, weekOf } from '#domain/day'
import { reviewScope } from '#domain/scopes'
import { readRecords } from '#server/storage/rows'
import { castBranch } from '../../server/demo/cast'
import { secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey } from '../support/journey'
import { until } from '../support/phone'
import { testNow } from '../support/test-clock'

const week = weekOf(dayOf(testNow()))
const review = reviewScope(castBranch.id)

/** Whom nothing is written of this week, and what became of them. */
async function lines({ database }: DemoServer) {
  const records = await readRecords(database.pool, [
    { scope: review, type: 'membership', prefix: '' },
    { scope: review, type: 'register-line', prefix: `${week}/` },
    { scope: `leave:${castBranch.id}`, type: 'leave', prefix: `${week}/` },
  ])
  return records
    .list(review, 'membership', '')
    .map(({ personId, name, membership, exempt, longAbsence }) => ({
      name,
      line: records.get(review, 'register-line', lineKey(week, personId)),
      isFree:
        membership !== 'activist' &&
        exempt.length + longAbsence.length === 0 &&
        records.get(`leave:${castBranch.id}`, 'leave', lineKey(week, personId)) === undefined,
    }))
}

journey('a pasted 群接龙 is read, looked at, and only then recorded', async ({ phoneOf, server }) => {
  const free = (await lines(server)).filter(({ line, isFree }) => isFree && line === undefined)
  const [there, away, late, agent] = free.map(({ name }) => name)
  const he = await phoneOf(secretary)
  await he.tap('打开本周登记簿')
  await he.sees('应到')
  await he.tap('用群接龙登记')
  await he.fill(
    '接龙内容',
    [
      '#接龙',
      '周汇朝学，请大家接龙',
      '例 1. 张三 到会',
      '',
      `1. ${there} 到会`,
      `2、${away} 请假（出差）`,
      `3．${late} 迟到`,
      '4. 一个没有的人',
      `5. ${agent}（${there}代）`,
    ].join('\n'),
  )
  await he.tap('读取')
  await he.sees('认出 4 人')
  await he.sees('请您决定 1 行')
  await he.sees('名单里没有这个姓名')
  const named = (await lines(server)).filter(({ name }) => [there, away, late, agent].includes(name))
  expect(named.map(({ line }) => line)).toEqual(named.map(() => undefined)) // nothing before it was confirmed
  await he.tap('登记 4 人')
  await he.sees('已登记 4 人')

  const standings = await until(
    async () => {
      const found = new Map((await lines(server)).map(({ name, line }) => [name, line]))
      const each = [there, away, late, agent].map((name) => found.get(name ?? '')?.standing)
      return each.includes(undefined) ? undefined : each
    },
    () => 'they did not reach the server',
    15_000,
  )
  expect(standings).toEqual(['on-time', 'excused', 'late', 'on-time'])
  await he.goBack()
  await he.sees('应到')
  await he.seesNo(there ?? '')
})
