import { buildServer, buildTaro } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command } from './lib/run.mjs'

const builds = {
  server: buildServer,
  h5: () => buildTaro('h5'),
  weapp: () => buildTaro('weapp'),
}

await command(async () => {
  const name = process.argv[2]
  const build = builds[name]
  if (!build) throw new Error(`Which one? node config/scripts/build.mjs ${Object.keys(builds).join('|')}`)

  await ensureInstalled()
  const isNew = await build()
  console.log(isNew ? `Built dist/${name}` : `dist/${name} is up to date`)
})
