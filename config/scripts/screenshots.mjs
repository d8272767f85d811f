/** Writes a picture of every screen, in its states, to `screenshots/`. */

import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './lib/browser.mjs'
import { buildTaro } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { root, tool } from './lib/run.mjs'

await ensureInstalled()
await ensureBrowser()
await buildTaro('h5')
const args = [tool('jest'), '--selectProjects', 'journeys', '--testPathPatterns', 'screens']
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1
