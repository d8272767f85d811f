import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'

/** Of the server's Node; the Dockerfile has them too. What comes in one round of check-ins should still be in the
 *  young generation when it is answered: with V8's usual 1 to 16 MB it is copied on and on, for a third of
 *  the server's time. */
const flags = JSON.parse(readFileSync(path.join(root, 'config/server-flags.json'), 'utf8'))

/** Runs a built program until it ends, and passes on the first request to stop. It has a process
 *  group of its own: a Ctrl-C would otherwise reach it twice, from the terminal and from us. */
export function serve(script, args = []) {
  const child = spawn(process.execPath, [...flags, script, ...args], {
    cwd: root,
    stdio: 'inherit',
    detached: true,
  })
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
