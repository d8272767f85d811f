/** `npm run privacy` prints what the built mini-program uses of the parts that WeChat guards, for the
 *  guide that is filed with WeChat, and fails when that is not what the app declares.
 *  `--dist <folder>` looks at another build. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ensureInstalled } from './lib/install.mjs'
import { disagreements, readDeclared, readGuarded, usedIn } from './lib/privacy.mjs'
import { command, root } from './lib/run.mjs'

await command(async () => {
  await ensureInstalled()
  const at = process.argv.indexOf('--dist')
  const dist = at < 0 ? path.join(root, 'dist/weapp') : path.resolve(process.argv[at + 1])
  const guarded = await readGuarded()
  const declared = await readDeclared()
  const used = await usedIn(dist, guarded)
  const app = JSON.parse(await readFile(path.join(dist, 'app.json'), 'utf8'))

  for (const { api, information, purpose } of declared) console.log(`${information}  wx.${api}\n  ${purpose}`)
  const wrong = disagreements(used, declared, guarded, app)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  console.log(
    `\n${used.length} in all, as used in ${path.relative(root, dist)}; no location. ${guarded.source}`,
  )
})
