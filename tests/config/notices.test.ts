import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { fileText } from '#support/deployment'

const root = path.resolve(__dirname, '../..')
const packageJson = JSON.parse(fileText('package.json')) as { dependencies: Record<string, string> }
const notices = fileText('THIRD-PARTY-NOTICES.md')

test('the notices are those of package-lock.json and of what is imported', async () => {
  const script = path.join(root, 'config/scripts/notices.mjs')
  await expect(
    promisify(execFile)(process.execPath, [script, '--check'], { cwd: root }),
  ).resolves.toBeDefined()
})

test.each([
  ...['preact', '@tarojs/runtime', '@tarojs/components', 'valibot', 'dayjs', 'idb-keyval'],
  ...['fastify', 'pg', 'kysely', 'fast-jwt', '@fastify/static'],
])('%s is there with its version', (name) => {
  expect(packageJson.dependencies[name]).toBeDefined()
  expect(notices).toContain(` ${name} ${packageJson.dependencies[name]} (`)
})

test.each(['jest', 'typescript', '@tarojs/cli', 'esbuild'])('%s only builds and is not there', (name) => {
  expect(notices).not.toContain(` ${name} `)
})
