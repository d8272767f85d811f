import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')

/** Stands in for Taro: builds in an instant, with a source map that must not travel. */
const taro = `
const fs = require('node:fs')
fs.mkdirSync('dist/weapp', { recursive: true })
fs.writeFileSync('dist/weapp/app.json', '{}')
fs.writeFileSync('dist/weapp/project.config.json', '{"appid":"touristappid"}')
fs.writeFileSync('dist/weapp/app.js', process.env.SERVER_URL)
fs.writeFileSync('dist/weapp/app.js.map', '{}')
`

let folder: string
let project: string
const git = (...args: string[]) => execFileSync('git', args, { cwd: project, stdio: 'pipe' })
const inFolder = (name: string) => path.join(folder, name)

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'study-release-'))
  project = inFolder('project')
  await cp(path.join(root, 'config/scripts'), path.join(project, 'config/scripts'), { recursive: true })
  await mkdir(path.join(project, 'node_modules/.bin'), { recursive: true })
  await writeFile(path.join(project, 'node_modules/.bin/taro'), taro)
  const lock = '{}'
  await writeFile(path.join(project, 'package-lock.json'), lock)
  const installed = createHash('sha256').update(lock).digest('hex')
  await writeFile(path.join(project, 'node_modules/.installed'), installed)
  await writeFile(path.join(project, 'package.json'), '{"name":"study"}')
  await writeFile(path.join(project, '.gitignore'), 'node_modules/\ndist/\n')
  git('init', '--quiet')
  git('add', '.')
  git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '-m', 'all')

  await cp(path.join(root, 'tests/support/miniprogram-ci'), inFolder('modules/miniprogram-ci'), {
    recursive: true,
  })
  await writeFile(inFolder('upload.key'), 'the key in a file')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const fine = () => ({
  MINIPROGRAM_APPID: 'wx0123456789abcdef',
  MINIPROGRAM_PRIVATE_KEY: 'the key itself',
  SERVER_URL: 'https://study.example.org',
  NODE_PATH: inFolder('modules'),
})
const words = ['--version', '0.2.0', '--desc', '补签可以撤回']

interface Said {
  readonly code: number
  readonly output: string
}

function release(
  environment: Record<string, string | undefined>,
  args: readonly string[] = words,
): Promise<Said> {
  const env = { PATH: process.env.PATH, HOME: folder, UPLOADED: inFolder('uploaded.json'), ...environment }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(project, 'config/scripts/release.mjs'), ...args],
      { cwd: project, env },
      (error, stdout, stderr) => resolve({ code: error ? 1 : 0, output: stdout + stderr }),
    )
  })
}

const uploaded = () => readFile(inFolder('uploaded.json'), 'utf8').then(JSON.parse, () => undefined)

test('builds for the server and uploads what was built, without source maps', async () => {
  const { code, output } = await release(fine())
  expect(output).toContain('Uploaded 0.2.0 of wx0123456789abcdef')
  expect(code).toBe(0)
  expect(await uploaded()).toMatchObject({
    appid: 'wx0123456789abcdef',
    type: 'miniProgram',
    projectPath: path.join(project, 'dist/weapp'),
    privateKey: 'the key itself',
    version: '0.2.0',
    desc: '补签可以撤回',
    app: 'https://study.example.org',
    files: ['app.js', 'app.json', 'project.config.json'],
    setting: { es6: false, minify: false },
  })
})

test('the key may lie in a file outside the project', async () => {
  const { code } = await release({
    ...fine(),
    MINIPROGRAM_PRIVATE_KEY: undefined,
    MINIPROGRAM_PRIVATE_KEY_PATH: inFolder('upload.key'),
  })
  expect(code).toBe(0)
  expect(await uploaded()).toMatchObject({ privateKey: 'the key in a file' })
})

describe('refuses, uploads nothing and never prints the key', () => {
  const cases: Record<string, { change: Record<string, string | undefined>; says: string }> = {
    'no appid': { change: { MINIPROGRAM_APPID: undefined }, says: 'MINIPROGRAM_APPID' },
    'an empty appid': { change: { MINIPROGRAM_APPID: '' }, says: 'MINIPROGRAM_APPID' },
    'the appid of a guest': { change: { MINIPROGRAM_APPID: 'touristappid' }, says: 'MINIPROGRAM_APPID' },
    'no key': { change: { MINIPROGRAM_PRIVATE_KEY: undefined }, says: 'MINIPROGRAM_PRIVATE_KEY' },
    'no server': { change: { SERVER_URL: undefined }, says: 'https address' },
    'a server without TLS': { change: { SERVER_URL: 'http://study.example.org' }, says: 'https address' },
    'no uploader': {
      change: { NODE_PATH: undefined },
      says: 'npm install --no-save --ignore-scripts miniprogram-ci@2.1.42',
    },
  }
  test.each(Object.entries(cases))('%s', async (_, { change, says }) => {
    const { code, output } = await release({ ...fine(), ...change })
    expect(code).toBe(1)
    expect(output).toContain(says)
    expect(output).not.toContain('the key itself')
    expect(await uploaded()).toBeUndefined()
  })

  test.each([
    { args: [] },
    { args: ['--version', '0.2.0'] },
    { args: ['--version', '0.2.0', '--desc', ' '] },
    { args: ['--version', 'newest', '--desc', '更新'] },
  ])('the words $args', async ({ args }) => {
    const { code, output } = await release(fine(), args)
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('--version 0.2.0 --desc'),
    })
    expect(await uploaded()).toBeUndefined()
  })

  test('a key that lies in the project, committed or not', async () => {
    const inside = path.join(project, 'dist', 'upload.key')
    await mkdir(path.dirname(inside), { recursive: true })
    await writeFile(inside, 'key')
    const change = { MINIPROGRAM_PRIVATE_KEY: undefined, MINIPROGRAM_PRIVATE_KEY_PATH: inside }
    const { code, output } = await release({ ...fine(), ...change })
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('inside the project') })
    expect(await uploaded()).toBeUndefined()
  })

  test('a key file that is not there', async () => {
    const change = { MINIPROGRAM_PRIVATE_KEY: undefined, MINIPROGRAM_PRIVATE_KEY_PATH: inFolder('lost.key') }
    const { code, output } = await release({ ...fine(), ...change })
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('There is no file') })
  })

  test('what is not committed', async () => {
    await writeFile(path.join(project, 'note.txt'), 'later')
    const { code, output } = await release(fine())
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('note.txt') })
    expect(await uploaded()).toBeUndefined()
  })

  test('a folder without git', async () => {
    await rm(path.join(project, '.git'), { recursive: true })
    const { code, output } = await release(fine())
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('must be a commit') })
    expect(await uploaded()).toBeUndefined()
  })
})

test('the project names no appid of its own, and what would is kept out of git', async () => {
  const { appid } = JSON.parse(await readFile(path.join(root, 'project.config.json'), 'utf8')) as {
    appid: string
  }
  expect(appid).toBe('touristappid')
  const ignored = await readFile(path.join(root, '.gitignore'), 'utf8')
  expect(ignored.split('\n')).toContain('project.private.config.json')
})
