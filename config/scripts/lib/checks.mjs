import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { hush, root, show, timed, tool } from './run.mjs'

const CHECKS = {
  types: [tool('tsc'), '--noEmit'],
  lint: [tool('biome'), 'check', '.'],
  layers: [tool('depcruise'), '--config', 'config/layers.cjs', 'src', 'server', 'config/scripts'],
}

/** Types, lint and layers, side by side. Each counts as one. */
export function runChecks() {
  return Promise.all(
    Object.entries(CHECKS).map(async ([layer, args]) => {
      const { result, seconds } = await timed(() => hush(process.execPath, args))
      const isFine = result.code === 0
      console.log(`${isFine ? 'ok' : 'FAILED'}  ${layer} (${seconds} s)`)
      if (!isFine) console.log(result.output)
      return countOf(layer, isFine, seconds)
    }),
  )
}

export function countOf(layer, isFine, seconds) {
  return { layer, passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: [], seconds }
}

/** One jest project. What could not be run counts as failed, whether jest says so or not.
 *  @param {{ project?: string, more?: string[], env?: Record<string, string> }} [how] for a layer
 *    that runs the tests of another in another way */
export async function runTests(layer, { project = layer, more = [], env: given = {} } = {}) {
  console.log(`\n${layer} tests`)
  const report = path.join(root, 'dist', `.jest-${layer.replaceAll(' ', '-')}.json`)
  const output = ['--ci', '--json', `--outputFile=${report}`]
  const args = ['--selectProjects', project, '--passWithNoTests', ...more, ...output]
  const env = { ...process.env, ...given, NODE_ENV: 'test' }
  const stdio = ['ignore', 'ignore', 'inherit'] // --json repeats the report on stdout
  await mkdir(path.dirname(report), { recursive: true })
  await rm(report, { force: true })
  const { result: code, seconds } = await timed(() =>
    show(process.execPath, [tool('jest'), ...args], { env, stdio }),
  )
  const counted = JSON.parse(await readFile(report, 'utf8').catch(() => '{}'))
  const tests = (counted.testResults ?? []).flatMap((file) => file.assertionResults)
  const failed = (counted.numFailedTests ?? 0) + (counted.numRuntimeErrorTestSuites ?? 0)
  return {
    layer,
    passed: counted.numPassedTests ?? 0,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: tests
      .filter(({ status }) => ['pending', 'todo', 'skipped'].includes(status))
      .map((test) => test.fullName),
    seconds,
  }
}
