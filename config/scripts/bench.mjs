/** `npm run bench` prints all measurements of `bench/`, `npm run bench -- history` one of them. */

import { buildTaro, serverBundle } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command, show } from './lib/run.mjs'

/** Each with the builds it opens. WEAPP_DIST names another build of the mini-program. */
const BENCHES = {
  history: ['weapp'],
  roster: [],
}

await command(async () => {
  const asked = process.argv.slice(2)
  const unknown = asked.find((name) => !(name in BENCHES))
  if (unknown)
    throw new Error(`There is no ${unknown}. Which one? npm run bench -- ${Object.keys(BENCHES).join('|')}`)

  await ensureInstalled()
  const { build } = await import('esbuild')
  for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
    if (!process.env.WEAPP_DIST) for (const type of BENCHES[name]) await buildTaro(type)
    await build({ ...serverBundle, entryPoints: [`bench/${name}.ts`], outdir: 'dist/bench' })
    const code = await show(process.execPath, ['--enable-source-maps', `dist/bench/${name}.js`])
    if (code !== 0) process.exitCode = 1
  }
})
