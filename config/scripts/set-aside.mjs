import { buildServer } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command, show } from './lib/run.mjs'

await command(async () => {
  await ensureInstalled()
  await buildServer()
  const args = ['--enable-source-maps', 'dist/server/operations/set-aside.js', ...process.argv.slice(2)]
  process.exitCode = await show(process.execPath, args, { stdio: 'inherit' })
})
