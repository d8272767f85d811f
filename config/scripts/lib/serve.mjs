import { spawn } from 'node:child_process'
import { root } from './run.mjs'

/** Runs a built program until it ends, and passes on the first request to stop. It has a process
 *  group of its own: a Ctrl-C would otherwise reach it twice, from the terminal and from us. */
export function serve(script, args = []) {
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
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
