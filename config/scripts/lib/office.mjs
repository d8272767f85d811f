import { existsSync } from 'node:fs'
import { hush, show } from './run.mjs'

const PACKAGES = ['libreoffice-calc', 'libreoffice-writer', 'poppler-utils', 'fonts-noto-cjk', 'fontconfig']

/** LibreOffice, to open the files that are made as somebody would. It is large, so it is installed only where
 *  REQUIRE_LIBREOFFICE=1 says it has to be there; its tests say why they could not run. */
export async function ensureOffice() {
  if (process.env.REQUIRE_LIBREOFFICE !== '1' || (await isThere())) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return

  console.log('Installing LibreOffice for a test…')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await show('apt-get', ['update', '-qq'], { env })
  await show('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], { env })
}

async function isThere() {
  const programs = 'command -v soffice && command -v pdftoppm && fc-list :lang=zh:charset=36c3 | grep -q .'
  const { code } = await hush('sh', ['-c', programs])
  return code === 0
}
