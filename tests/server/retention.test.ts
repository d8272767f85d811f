import { branchScope, memberScope, organizationScope } from '#domain/scopes'
import { deleteExpired, retention } from '#server/jobs/retention'
import { association, at, home, linXiao, week, wuGuifang, zhouSecretary } from '../support/branch'
import { RealPhone } from '../support/real-phone'
import { type TestServer, testServer } from '../support/server'

const here = branchScope(home)
const whole = organizationScope(association)
let server: TestServer
beforeEach(async () => {
  server = await testServer()
  server.clock.now = at('08:31')
})
afterEach(() => server.close())

async function sync(phone: RealPhone): Promise<void> {
  const session = await server.sessions.begin(phone.who) // the last one may be over by now
  if (session === undefined) throw new Error(`${phone.who} is nobody here`)
  phone.connect(server.app, session)
  await phone.sync()
}
async function newPhone(who: typeof linXiao): Promise<RealPhone> {
  const phone = new RealPhone(who, () => server.clock.now)
  await phone.start()
  await sync(phone)
  return phone
}
const deviceOf = async (who: typeof linXiao) => {
  const { rows } = await server.database.pool.query<{ last: number; outcomes: { id: number }[] }>(
    'SELECT last, outcomes FROM devices WHERE scope = $1',
    [memberScope(who)],
  )
  return rows[0]
}
const tickets = async () =>
  (await server.database.pool.query(`SELECT FROM rows WHERE type = 'ticket' AND scope LIKE 'desk:%'`))
    .rowCount
const words = (text: string) => ({ kind: 'question' as const, words: text })

/** A secretary who did her work, had it answered, and did more without signal before she put the phone away. */
async function awayForYears(): Promise<RealPhone> {
  const zhou = await newPhone(zhouSecretary)
  const absent = { week, memberId: wuGuifang, standing: 'absent', version: 0 } as const
  await zhou.replica.submit('record-attendance', here, absent)
  await zhou.replica.submit('record-attendance', here, { ...absent, standing: 'late', version: 1 })
  await zhou.replica.submit('close-register', here, { week, version: 1 })
  await sync(zhou)
  await zhou.replica.submit('send-feedback', whole, words('没有信号时写的'))
  server.clock.now += retention.outcomesMs + 1
  return zhou
}
const codes = (phone: RealPhone) => phone.replica.deadLetters().map(({ refusal }) => refusal?.code)

describe('a phone that comes back after more than a year', () => {
  test('goes on where it was: what it did then stays done, what it had not sent arrives', async () => {
    const zhou = await awayForYears()
    await deleteExpired(server.database, server.clock.now)
    expect(await deviceOf(zhouSecretary)).toMatchObject({ last: 3, outcomes: [] })
    await sync(zhou)
    expect([codes(zhou), zhou.replica.pending(), await tickets()]).toEqual([[], [], 1])
  })

  test('would be told refusals of what was taken long ago, had the server forgotten its device', async () => {
    const zhou = await awayForYears()
    await server.database.pool.query('DELETE FROM devices')
    await sync(zhou)
    expect(codes(zhou)).not.toEqual([])
  })

  test('is still told a refusal whose answer was lost', async () => {
    const lin = await newPhone(linXiao)
    const late = { week, kind: 'sick' as const, note: '' }
    await lin.replica.submit('send-feedback', whole, words('收到了'))
    await lin.replica.submit('ask-leave', here, late, { regardless: true })
    lin.losesAnswers = true
    await expect(sync(lin)).rejects.toThrow('lost')
    expect((await deviceOf(linXiao))?.outcomes.map(({ id }) => id)).toEqual([1, 2])
    server.clock.now += retention.outcomesMs + 1
    await deleteExpired(server.database, server.clock.now)
    expect((await deviceOf(linXiao))?.outcomes.map(({ id }) => id)).toEqual([2])
    lin.losesAnswers = false
    await sync(lin)
    expect([codes(lin), lin.replica.pending(), await tickets()]).toEqual([['too-late-for-leave'], [], 1])
  })
})

test('what went well is kept for a year, and the refusal longer; a command set aside stays for its operator', async () => {
  const lin = await server.phone(linXiao)
  await lin.does('check-in', { week })
  await server.database.pool.query(
    `INSERT INTO set_aside (scope, device, id, command, error, at) VALUES ($1, 'x', 1, '{}', 'x', $2)`,
    [memberScope(linXiao), server.clock.now],
  )
  await server.database.pool.query('DELETE FROM sessions')
  server.clock.now += retention.outcomesMs
  expect(await deleteExpired(server.database, server.clock.now)).toBe(0)
  server.clock.now += 1
  expect(await deleteExpired(server.database, server.clock.now)).toBe(1)
  expect(await deleteExpired(server.database, server.clock.now)).toBe(0)
  expect((await server.database.pool.query('SELECT FROM set_aside')).rowCount).toBe(1)
})
