/** `npm run release -- --version 0.2.0 --desc '…'` builds the mini-program from what is committed and
 *  uploads it to WeChat as a development version, with WeChat's own `miniprogram-ci`. */

import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildTaro } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command, hush, root } from './lib/run.mjs'

const MODULE = 'miniprogram-ci'
const VERSION = '2.1.42'

await command(async () => {
  const { version, desc } = wordsFrom(process.argv.slice(2))
  const { appid, key } = identityFrom(process.env)
  requireSecureServer(process.env)
  await requireCommitted()
  const ci = uploader()

  await ensureInstalled()
  await buildTaro('weapp')
  const projectPath = path.join(root, 'dist', 'weapp')
  await requireNoSourceMaps(projectPath)

  const project = new ci.Project({ appid, type: 'miniProgram', projectPath, ignores: ['**/*.map'], ...key })
  const { subPackageInfo = [] } = await ci.upload({
    project,
    version,
    desc,
    // As it was built and tested: WeChat's tools change nothing more.
    setting: { es6: false, minify: false, autoPrefixWXSS: false },
    onProgressUpdate: () => undefined,
  })
  for (const { name, size } of subPackageInfo) console.log(`${name}: ${size} bytes`)
  console.log(`Uploaded ${version} of ${appid}. Submit it for review on mp.weixin.qq.com.`)
})

function wordsFrom(args) {
  const { values } = parseArgs({ args, options: { version: { type: 'string' }, desc: { type: 'string' } } })
  if (!/^\d+\.\d+\.\d+$/.test(values.version ?? '') || !values.desc?.trim())
    throw new Error("Which version, and what is new? npm run release -- --version 0.2.0 --desc '…'")
  return { version: values.version, desc: values.desc.trim() }
}

/** Who uploads. All of it from the environment: a file of the project would sooner or later be shared. */
function identityFrom(environment) {
  const appid = environment.MINIPROGRAM_APPID ?? ''
  if (!/^wx[0-9a-f]{16}$/.test(appid))
    throw new Error('Set MINIPROGRAM_APPID to the appid of your mini-program: wx and 16 more characters.')

  const { MINIPROGRAM_PRIVATE_KEY: privateKey, MINIPROGRAM_PRIVATE_KEY_PATH: given } = environment
  if (privateKey) return { appid, key: { privateKey } }
  if (!given)
    throw new Error(
      'Set MINIPROGRAM_PRIVATE_KEY to the upload key, or MINIPROGRAM_PRIVATE_KEY_PATH to its file.',
    )
  const privateKeyPath = path.resolve(given)
  if (!path.relative(root, privateKeyPath).startsWith('..'))
    throw new Error(
      'The upload key lies inside the project. Move it out, and replace it if it was ever committed.',
    )
  if (!existsSync(privateKeyPath))
    throw new Error('There is no file where MINIPROGRAM_PRIVATE_KEY_PATH points.')
  return { appid, key: { privateKeyPath } }
}

function requireSecureServer({ SERVER_URL: url = '', CLOUD_ENV, CLOUD_SERVICE }) {
  if (CLOUD_ENV && CLOUD_SERVICE) return // WeChat's private network
  if (!/^https:\/\/[^/]/.test(url))
    throw new Error('Set SERVER_URL to the https address of the server: phones accept no other.')
}

async function requireCommitted() {
  const { code, output } = await hush('git', ['status', '--porcelain'])
  if (code !== 0) throw new Error('What is released must be a commit, and git does not know this folder.')
  if (output !== '') throw new Error(`What is released must be a commit. Not committed yet:\n${output}`)
}

/** Not a dependency: it is large, and only whoever releases needs it. */
function uploader() {
  const install = `npm install --no-save --ignore-scripts ${MODULE}@${VERSION}`
  const load = createRequire(path.join(root, 'package.json'))
  try {
    return load(MODULE)
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    throw new Error(`WeChat's uploader is not installed. Install it, then try again:\n  ${install}`)
  }
}

async function requireNoSourceMaps(folder) {
  const maps = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.map'))
  if (maps.length > 0) throw new Error(`The build holds source maps: ${maps.join(', ')}`)
}
