import { lineChanges, lineKey } from '#domain/attendance'
import { dayOf, formatDate, type Week, weekOf } from '#domain/day'
import { weekBefore } from '#domain/history'
import { branchScope, reviewScope, secretaryScope } from '#domain/scopes'
import { type HeldStudy, isHeld } from '#domain/weekly-study'
import { readRecords } from '#server/storage/rows'
import { castBranch } from '../../server/demo/cast'
import { committeeMember, fangShusheng, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, untilItOpensOffline } from '../support/journey'
import { until } from '../support/phone'
import { testNow } from '../support/test-clock'
import { writePast } from '../support/write-past'

const thisWeek = () => weekOf(dayOf(testNow()))
const who = fangShusheng.personId

async function studyOf({ database }: DemoServer, week: Week): Promise<HeldStudy> {
  const scope = branchScope(castBranch.id)
  const records = await readRecords(database.pool, [{ scope, type: 'weekly-study', key: week }])
  const study = records.get(scope, 'weekly-study', week)
  if (study === undefined || !isHeld(study)) throw new Error(`no study is held in ${week}`)
  return study
}

/** Fang Shusheng came to neither of the last two studies, and said nothing: and did before. */
async function missTwo(server: DemoServer): Promise<HeldStudy[]> {
  const review = reviewScope(castBranch.id)
  const last = weekBefore(thisWeek())
  const studies: HeldStudy[] = []
  for (const [week, standing] of [
    [weekBefore(weekBefore(last)), 'on-time'],
    [weekBefore(last), 'absent'],
    [last, 'absent'],
  ] as const) {
    const study = await studyOf(server, week)
    const key = lineKey(week, who)
    const records = await readRecords(server.database.pool, [
      { scope: review, type: 'register-line', key },
      { scope: review, type: 'register', key: week },
    ])
    const line = records.get(review, 'register-line', key)
    if (line === undefined) throw new Error(`he was not expected in ${week}`)
    const changes = lineChanges(study, line, { ...line, standing, via: 'closing', madeUp: undefined })
    await writePast(server.database, castBranch.id, changes)
    if (standing === 'absent') studies.push(study)
  }
  return studies
}

async function noteOf({ database }: DemoServer) {
  const scope = secretaryScope(castBranch.id)
  const records = await readRecords(database.pool, [{ scope, type: 'care-note', key: who }])
  return records.get(scope, 'care-note', who)
}

journey(
  'two were missed without a word: the secretary alone is asked to call, notes it offline, and is asked again after a third',
  async ({ phoneOf, server }) => {
    const days = (await missTwo(server)).map(({ heldOn }) => formatDate(heldOn)).join('、')
    const open = async (phone: Awaited<ReturnType<typeof phoneOf>>) => {
      await phone.sees('位同志可能需要关心')
      await phone.tap(/\d+ 位同志可能需要关心/.exec(await phone.screen())?.[0] ?? '')
    }
    const luo = await phoneOf(committeeMember)
    await luo.sees('打开本周登记簿')
    await luo.seesNo('可能需要关心')

    const he = await phoneOf(secretary)
    await he.sees('可能需要关心')
    await untilItOpensOffline(he)
    await he.loseSignal()
    await open(he)
    await he.sees(`${days} 两次没有来，也没有请假`)
    await he.sees('建议：打个电话，问问近况')
    await he.tap('已联系方树声，写一句')
    await he.fill('写一句（本人导出资料时也能看到）', '老伴住院，已约好周三去看望')
    await he.tap('记下')
    await he.seesNo('方树声')
    expect(await noteOf(server)).toBeUndefined()

    await he.open() // a cold start, still without signal
    await he.sees('未送达 1 条')
    await open(he) // the demo has somebody else
    await he.seesNo('方树声')
    await he.goBack()
    await he.regainSignal()
    await he.seesNo('未送达', 15_000)
    await until(
      () => noteOf(server),
      () => 'the note did not reach the server',
    )
    expect(await noteOf(server)).toMatchObject({ note: '老伴住院，已约好周三去看望' })
    await open(he)
    await he.seesNo('方树声')
    await he.goBack()

    await he.tap('打开本周登记簿')
    await he.tap('方树声 缺席')
    await he.tap('关闭登记')
    await he.tap('关闭')
    await he.sees('登记已于')
    await he.goBack()
    await open(he)
    const third = formatDate((await studyOf(server, thisWeek())).heldOn)
    await he.sees(`${days}、${third} 三次没有来，也没有请假`)
    await he.sees('建议：约个时间谈心谈话，听听有什么难处')
    await he.sees('记下：老伴住院，已约好周三去看望')
    await luo.seesNo('可能需要关心')
  },
)
