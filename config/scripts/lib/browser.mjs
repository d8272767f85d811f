import { existsSync } from 'node:fs'
import { hush, show } from './run.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const PACKAGES = ['chromium', 'fonts-wqy-microhei', 'fontconfig']

/** Chromium and a Chinese font, for the journeys and for measuring the screens: without the font
 *  every character is an empty box, of the wrong width.
 *  @returns {Promise<{ path?: string, missing?: string }>} */
export async function ensureBrowser() {
  const found = await look()
  if (!found.missing || process.env.CHROMIUM || process.getuid?.() !== 0 || !(await which('apt-get')))
    return found

  console.log(`Installing a browser for the journeys (${found.missing})…`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await show('apt-get', ['update', '-qq'], { env })
  const code = await show('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], {
    env,
  })
  return code === 0 ? look() : { missing: `${found.missing}, and apt-get could not install it` }
}

async function look() {
  const given = process.env.CHROMIUM
  const path = await findChromium()
  if (!path)
    return { missing: given ? `there is no ${given}, which CHROMIUM names` : 'Chromium is not installed' }
  if (!(await hasChineseFont())) return { missing: 'no Chinese font is installed' }
  return { path }
}

async function findChromium() {
  const given = process.env.CHROMIUM
  if (given) return existsSync(given) ? given : undefined
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  for (const name of NAMES) {
    const path = await which(name)
    if (path) return path
  }
  return undefined
}

async function hasChineseFont() {
  const { code, output } = await hush('fc-list', [':lang=zh']).catch(() => ({ code: 1, output: '' }))
  return code === 0 && output !== ''
}

async function which(name) {
  const { code, output } = await hush('sh', ['-c', `command -v ${name}`])
  return code === 0 ? output : undefined
}
