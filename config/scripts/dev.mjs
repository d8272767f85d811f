import { spawn } from 'node:child_process'
import { forgetBuild, serverBundle } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command, root, tool } from './lib/run.mjs'

/** `npm run dev` or `npm run dev -- weapp`: the app and the server, each rebuilt as you save. */
await command(async () => {
  const type = process.argv[2] ?? 'h5'
  if (!['h5', 'weapp'].includes(type)) throw new Error('Which one? node config/scripts/dev.mjs h5|weapp')
  await ensureInstalled()
  for (const name of ['server', type]) await forgetBuild(name)

  const { context } = await import('esbuild')
  const server = await context({ ...serverBundle, plugins: [{ name: 'restart', setup: restartAfterBuild }] })
  await server.watch()

  const env = { ...process.env, NODE_ENV: 'development', TARO_ENV: type }
  const taro = spawn(process.execPath, [tool('taro'), 'build', '--type', type, '--no-check', '--watch'], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  // A Ctrl-C reaches all of them; we stay until the last one has stopped.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      taro.kill()
      server.dispose()
    })
  }
})

function restartAfterBuild(build) {
  let running
  let isStopping = false
  build.onDispose(() => {
    isStopping = true
    running?.kill('SIGTERM')
  })
  build.onEnd(async ({ errors }) => {
    if (errors.length > 0) return // what ran before keeps running
    await stopped(running)
    if (isStopping) return
    running = spawn(process.execPath, ['--enable-source-maps', 'dist/server/main.js'], {
      cwd: root,
      stdio: 'inherit',
    })
  })
}

function stopped(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return undefined
  return new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGTERM')
  })
}
