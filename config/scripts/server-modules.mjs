/** `node config/scripts/server-modules.mjs FOLDER` copies the packages that the built server needs,
 *  and no others, to FOLDER/node_modules: a tenth of what builds and serves the app together, and
 *  without the PostgreSQL from npm. */

import { cp } from 'node:fs/promises'
import path from 'node:path'
import { closureOf, lockedPackages, serverImports } from './lib/packages.mjs'
import { command, root } from './lib/run.mjs'

await command(async () => {
  const [folder] = process.argv.slice(2)
  if (!folder) throw new Error('Where to? node config/scripts/server-modules.mjs FOLDER')

  const packages = closureOf(await lockedPackages(), await serverImports())
  for (const each of packages) {
    const source = path.join(root, each)
    const isOwn = (file) => !path.relative(source, file).split(path.sep).includes('node_modules')
    await cp(source, path.join(folder, each), { recursive: true, filter: isOwn })
  }
  console.log(`Copied ${packages.length} packages to ${path.join(folder, 'node_modules')}`)
})
