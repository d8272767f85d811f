import { buildServer, buildTaro } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command } from './lib/run.mjs'
import { serve } from './lib/serve.mjs'

await command(async () => {
  console.log('[1/3] Dependencies')
  await ensureInstalled()

  console.log('[2/3] Building what has changed (the first time takes a minute)')
  await buildServer()
  await buildTaro('h5')

  console.log('[3/3] Starting the server')
  process.exitCode = await serve('dist/server/main.js')
})
