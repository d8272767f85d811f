/** `npm run bench` prints all measurements of `bench/`, `npm run bench -- history` one of them. */

import { buildServer, buildTaro, serverBundle } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command, show } from './lib/run.mjs'

/** Each with the builds it opens, and what it starts beside itself. WEAPP_DIST names another build
 *  of the mini-program. */
const BENCHES = {
  history: { taro: ['weapp'] },
  roster: {},
  ledger: { server: true },
  checkins: { server: true, beside: ['load/worker'] },
  peers: { server: true, beside: ['load/worker', 'load/bare-fastify'] },
  overload: { server: true, beside: ['load/worker'] },
  powerloss: { server: true, beside: ['load/worker'] },
  wire: { taro: ['weapp'] },
  poke: { server: true },
  arrivals: {},
  footprint: {},
}

await command(async () => {
  const asked = process.argv.slice(2)
  const unknown = asked.find((name) => !(name in BENCHES))
  if (unknown)
    throw new Error(`There is no ${unknown}. Which one? npm run bench -- ${Object.keys(BENCHES).join('|')}`)

  await ensureInstalled()
  const { build } = await import('esbuild')
  for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
    const { taro = [], server = false, beside = [] } = BENCHES[name]
    if (!process.env.WEAPP_DIST) for (const type of taro) await buildTaro(type)
    if (server) await buildServer()
    const entryPoints = [name, ...beside].map((each) => ({
      in: `bench/${each}.ts`,
      out: each.split('/').at(-1),
    }))
    await build({ ...serverBundle, entryPoints, outdir: 'dist/bench' })
    const code = await show(process.execPath, ['--enable-source-maps', `dist/bench/${name}.js`])
    if (code !== 0) process.exitCode = 1
  }
})
