/** Writes a picture of every screen, in its states, to `screenshots/`: the H5 as it is, the weapp as
 *  drawn in a browser. */

import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './lib/browser.mjs'
import { buildTaro } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { root, tool } from './lib/run.mjs'

await ensureInstalled()
await ensureBrowser()
await buildTaro('h5')
await buildTaro('weapp')
const args = [tool('jest'), '--selectProjects', 'journeys', 'weapp', '--testPathPatterns', 'screens|drawn']
const env = { ...process.env, SCREENSHOTS: '1' }
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1
