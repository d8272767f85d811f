import { memberScope, organizationScope } from '#domain/scopes'
import { mineOf } from '#server/account/export-mine'
import { endDueAccounts } from '#server/jobs/end-accounts'
import { readRecords } from '#server/storage/rows'
import { admin, association, chenLi, linXiao, outsider, zhouSecretary } from '../support/branch'
import { type TestServer, testServer } from '../support/server'

const above = organizationScope(association)
const own = memberScope(linXiao)

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

const place = (chapter: number) => ({ listId: 'l1', itemId: 'i1', round: 0, chapter, isRead: false })
const note = (versionId: string, words: string, replaces: string[] = []) => ({
  ...{ listId: 'l1', itemId: 'i1', noteId: 'n1', versionId, kind: 'note', words, replaces },
})
const ownRecords = () =>
  readRecords(server.database.pool, [
    { scope: own, type: 'reading-progress', prefix: '' },
    { scope: own, type: 'reading-note', prefix: '' },
  ])

test('two devices of one reader at the same time: the furthest holds, and no version of a note is lost', async () => {
  const phones = await Promise.all([server.phone(linXiao), server.phone(linXiao), server.phone(linXiao)])
  const outcomes = await Promise.all(
    phones.flatMap((phone, device) => [
      (async () => {
        const all: string[] = []
        for (let step = 0; step < 10; step += 1) {
          const chapter = (step * 7 + device * 3) % 29
          all.push(await phone.does('keep-reading-place', place(chapter), above))
          all.push(
            await phone.does('write-reading-note', note(`v${device}x${step}`, `${device} ${step}`), above),
          )
        }
        return all
      })(),
    ]),
  )
  expect(new Set(outcomes.flat())).toEqual(new Set(['accepted']))
  const records = await ownRecords()
  const furthest = Math.max(
    ...[0, 1, 2].flatMap((d) => Array.from({ length: 10 }, (_, s) => (s * 7 + d * 3) % 29)),
  )
  expect(records.get(own, 'reading-progress', 'l1/i1')).toMatchObject({ chapter: furthest })
  expect(records.list(own, 'reading-note', '')).toHaveLength(30)
})

test('a list from above comes to every branch, a branch’s own to it alone, and one’s own reading to nobody else', async () => {
  const list = { id: 'l1', title: '党史学习书目', about: '', version: 0 }
  const item = {
    ...{ listId: 'l1', id: 'i1', place: 1, kind: 'book', title: '简史', source: '', chapters: 10 },
    ...{ isRequired: true, version: 0 },
  }
  const liang = await server.phone(admin)
  expect(await liang.does('hand-down-reading-list', { list, items: [item] }, above)).toBe('accepted')
  const zhou = await server.phone(zhouSecretary)
  expect(await zhou.does('keep-reading-list', { list: { ...list, title: '支部共读' }, items: [] })).toBe(
    'accepted',
  )
  const lin = await server.phone(linXiao)
  await lin.does('write-reading-note', note('v1', '只给自己看的话'), above)

  const seenBy = async (who: Parameters<typeof server.phone>[0]) =>
    JSON.stringify(await (await server.phone(who)).sync())
  for (const who of [linXiao, chenLi, outsider, admin]) expect(await seenBy(who)).toContain('党史学习书目')
  expect(await seenBy(chenLi)).toContain('支部共读')
  expect(await seenBy(outsider)).not.toContain('支部共读')
  expect(await seenBy(linXiao)).toContain('只给自己看的话')
  for (const who of [chenLi, zhouSecretary, admin, outsider])
    expect(await seenBy(who)).not.toContain('只给自己看的话')
})

test('what somebody read and wrote is in their own export, and goes with their account', async () => {
  const lin = await server.phone(linXiao)
  await lin.does('keep-reading-place', place(3), above)
  await lin.does('write-reading-note', note('v1', '一句心里话'), above)
  const asks = (method: 'GET' | 'POST', url: string) =>
    server.app.inject({ method, url, headers: { authorization: `Bearer ${lin.session.accessToken}` } })
  const sheets = (await mineOf(server.database, linXiao, server.clock.now)).sheets
  const rowsOf = (name: string) => sheets.find((sheet) => sheet.name === name)?.rows
  expect(rowsOf('读书进度')?.[0]?.slice(0, 2)).toEqual(['l1/i1', '读到第 3 章'])
  expect(rowsOf('读书笔记')?.[0]?.slice(0, 3)).toEqual(['l1/i1', '笔记', '一句心里话'])

  expect((await asks('POST', '/v1/me/cancellation')).statusCode).toBe(200)
  server.clock.now += 16 * 86_400_000
  expect(await endDueAccounts(server.database, server.clock.now)).toBe(1)
  const records = await ownRecords()
  expect(records.list(own, 'reading-progress', '')).toEqual([])
  expect(records.list(own, 'reading-note', '')).toEqual([])
})
