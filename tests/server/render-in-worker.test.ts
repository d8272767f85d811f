import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Workbook } from '#server/exports/document'
import { renderInWorker } from '#server/exports/render-in-worker'
import { rowsOf } from '#support/exported'

const root = path.resolve(__dirname, '../..')
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.join(root, 'config/scripts/build.mjs'), 'server'], {
    cwd: root,
  })
}, 120_000)

const workbook: Workbook = {
  is: 'workbook',
  fileName: 'a.xlsx',
  footer: [],
  sheets: [
    {
      name: '登记簿',
      columns: [
        { title: '姓名', width: 10 },
        { title: '人数', width: 8 },
        { title: '日期', width: 12 },
      ],
      rows: [['林晓', 3, { day: '2026-03-09' }]],
    },
  ],
}

test('the built server packs a file in a thread of its own', async () => {
  const render = renderInWorker(path.join(root, 'dist/server/exports/render-worker.js'))
  const bytes = Buffer.from(await render(workbook))
  expect((await rowsOf(bytes, '登记簿'))[0]).toEqual({
    姓名: '林晓',
    人数: 3,
    日期: new Date('2026-03-09T00:00:00Z'),
  })
})

test('what cannot be packed fails here, and no thread stays behind', async () => {
  const render = renderInWorker(path.join(root, 'dist/server/exports/render-worker.js'))
  await expect(render({ ...workbook, sheets: undefined } as unknown as Workbook)).rejects.toThrow(/undefined/)
  const renderMissing = renderInWorker(path.join(root, 'dist/server/no-such-file.js'))
  await expect(renderMissing(workbook)).rejects.toThrow(/Cannot find module/)
})
