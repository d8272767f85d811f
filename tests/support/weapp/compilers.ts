import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** One complaint of WeChat's own compilers. */
export interface CompileError {
  readonly file: string
  readonly line: number
  readonly message: string
}

export interface Compiled {
  readonly files: readonly string[]
  readonly errors: readonly CompileError[]
  /** The JavaScript it became. */
  readonly code: string
}

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'mac', win32: 'windows' }

/** Compiles every WXML of a built app with wcc, as DevTools does. */
export function compileWxml(dist: string): Compiled {
  const files = filesOf(dist, '.wxml')
  const uses = files
    .map((file) => [file, componentsOf(path.join(dist, file))] as const)
    .filter(([, names]) => names.length > 0)
  const components = [uses.length, ...uses.flatMap(([file, names]) => [file, names.length, ...names])].join(
    ' ',
  )
  return run('wcc', dist, files, ['-d', '-cc', components, ...files, ...filesOf(dist, '.wxs'), '-gn', '$gwx'])
}

/** Compiles every WXSS of a built app with wcsc. */
export function compileWxss(dist: string): Compiled {
  const files = filesOf(dist, '.wxss')
  return run('wcsc', dist, files, ['-db', '-pc', '0', ...files.map((file) => `./${file}`)])
}

function run(name: 'wcc' | 'wcsc', dist: string, files: string[], args: string[]): Compiled {
  const folder = mkdtempSync(path.join(tmpdir(), 'weapp-compilers-'))
  const done = spawnSync(executable(name, folder), args, {
    cwd: dist,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  rmSync(folder, { recursive: true })
  if (done.error) throw done.error
  const complaints = done.stderr.split('\n').filter((line) => line && !line.startsWith('error file count'))
  if (done.status !== 0 && complaints.length === 0) complaints.push(`${name} ended with ${done.status}`)
  return { files, errors: complaints.map(readComplaint), code: done.stdout }
}

/** `a.wxml:2:18: why`, `ERR: ./b.wxss(2:10): why` or no more than ``… from `./c.wxss` ``. */
function readComplaint(line: string): CompileError {
  const placed = /^(?:ERR: )?(.+?)[:(](\d+):\d+\)?: (.*)$/.exec(line)
  const [, file = /from `(.+?)`/.exec(line)?.[1] ?? '', at = '0', message = line] = placed ?? []
  return { file: path.posix.normalize(file), line: Number(at), message }
}

function filesOf(dist: string, ending: string): string[] {
  const all = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  return all
    .filter((file) => file.endsWith(ending))
    .map((file) => file.split(path.sep).join('/'))
    .sort()
}

function componentsOf(file: string): string[] {
  const settings = file.replace(/\.wxml$/, '.json')
  if (!existsSync(settings)) return []
  const { usingComponents = {} } = JSON.parse(readFileSync(settings, 'utf8')) as { usingComponents?: object }
  return Object.keys(usingComponents)
}

/** npm unpacks the binaries without leave to run, so a copy of our own gets it. */
function executable(name: string, folder: string): string {
  const system = systems[process.platform]
  if (!system) throw new Error(`miniprogram-compiler has no ${name} for ${process.platform}`)
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const packed = path.dirname(require.resolve('miniprogram-compiler/package.json'))
  const copy = path.join(folder, file)
  copyFileSync(path.join(packed, 'bin', system, file), copy)
  chmodSync(copy, 0o755)
  return copy
}
