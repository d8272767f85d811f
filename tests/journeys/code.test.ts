import { lineKey } from '#domain/attendance'
import { dayOf, weekOf } from '#domain/day'
import type { RegisterLine } from '#domain/register'
import { reviewScope } from '#domain/scopes'
import { codePeriodMs } from '#domain/totp'
import { readRecords } from '#server/storage/rows'
import { readCode } from '#server/study-codes'
import { type CastMember, castBranch } from '../../server/demo/cast'
import { linXiao, probationaryMember, secretary } from '../support/cast'
import type { DemoServer } from '../support/demo-server'
import { journey, untilItOpensOffline } from '../support/journey'
import { type Phone, until } from '../support/phone'
import { testNow } from '../support/test-clock'

const review = reviewScope(castBranch.id)
const week = weekOf(dayOf(testNow()))

const countdown = /每 60 秒换一次 · 还有 \d+ 秒/

/** Waits until the server has what somebody recorded of themselves. */
const ownLine = ({ database }: DemoServer, { personId }: CastMember): Promise<RegisterLine> =>
  until(
    async () => {
      const key = lineKey(week, personId)
      const records = await readRecords(database.pool, [{ scope: review, type: 'register-line', key }])
      const line = records.get(review, 'register-line', key)
      return line?.via === 'own' ? line : undefined
    },
    () => `the server has no check-in of ${personId}`,
    30_000,
  )

/** Six digits that were shown at no time today. */
async function codeNeverShown({ database }: DemoServer): Promise<string> {
  const records = await readRecords(database.pool, [{ scope: review, type: 'study-code', key: week }])
  const secret = records.get(review, 'study-code', week)?.secret
  if (secret === undefined) throw new Error('the study has no code')
  const within = { from: testNow() - 43_200_000, until: testNow() + 43_200_000 }
  const all = Array.from({ length: 100 }, (_, index) => String(index).padStart(6, '0'))
  return all.find((code) => readCode(secret, code, within) === undefined) ?? ''
}

async function checksInWith(phone: Phone, code: string): Promise<void> {
  await phone.tap('输入现场码')
  await phone.fill('现场码', code)
  await phone.tap('用现场码签到')
}

journey('a code shown without signal is typed without signal, and bears the check-in out', async (stage) => {
  const { phoneOf, server } = stage
  const he = await phoneOf(secretary)
  await he.tap('打开本周登记簿')
  await he.tap('出示现场码')
  await he.sees(countdown, 15_000) // the branch's records have come
  await he.goBack()
  await untilItOpensOffline(he)
  await he.loseSignal()
  await he.tap('出示现场码')
  await he.sees(countdown)
  const shownAfter = testNow() - codePeriodMs
  const [, first, second] = /(?:^|\D)(\d{3})\s*(\d{3})(?:\D|$)/.exec(await he.screen()) ?? []

  const lin = await phoneOf(linXiao)
  await lin.sees('输入现场码')
  await untilItOpensOffline(lin)
  await lin.loseSignal()
  await checksInWith(lin, `${first} 12`)
  await lin.sees('现场码是六位数字')
  await lin.fill('现场码', `${first} ${second}`)
  await lin.tap('用现场码签到')
  await lin.sees('已记录在本机')

  const xu = await phoneOf(probationaryMember)
  await checksInWith(xu, await codeNeverShown(server))
  await xu.sees('已到会')

  await he.regainSignal()
  await lin.regainSignal()
  await lin.sees('已到会', 30_000)
  const { codeShownAt = 0 } = await ownLine(server, linXiao)
  expect(codeShownAt).toBeGreaterThan(shownAfter - 1)
  expect(codeShownAt).toBeLessThanOrEqual(testNow())
  expect((await ownLine(server, probationaryMember)).codeShownAt).toBeUndefined()

  await he.goBack()
  await he.tap('全部 38')
  await he.sees('签到')
})
