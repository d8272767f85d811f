import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(__dirname, '../..')

export const fileText = (name: string) => readFileSync(path.join(root, name), 'utf8')

/** Names of the settings that the server reads, as its schema has them. */
export function settingNames(): string[] {
  const schema = /const environmentSchema = v\.object\(\{\n(.*?)\n\}\)/s.exec(fileText('server/settings.ts'))
  return [...(schema?.[1] ?? '').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name)
}

/** The lines `NAME=value` of an env file; those commented out too, where asked for. */
export function envFile(text: string, { withExamples = false } = {}): Record<string, string> {
  const line = withExamples ? /^#?([A-Z_]+)=(.*)$/gm : /^([A-Z_]+)=(.*)$/gm
  return Object.fromEntries([...text.matchAll(line)].map(([, name = '', value = '']) => [name, value]))
}

export const isSecret = (name: string) =>
  /SECRET|PASSWORD|TOKEN|KEY/.test(name) || ['DATABASE_URL', 'MINIPROGRAM_PRIVATE_KEY'].includes(name)

interface Instruction {
  readonly name: string
  readonly rest: string
}

function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
  return lines
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line.trim()))
    .flatMap((match) => (match ? [{ name: match[1] ?? '', rest: match[2] ?? '' }] : []))
}

/** The names that ENV and ARG set; values in quotes may hold what looks like another. */
const assigned = ({ rest }: Instruction) =>
  [...rest.replace(/"[^"]*"/g, '').matchAll(/(?:^|\s)([A-Za-z_]+)=/g)].map(([, name = '']) => name)

/** Whether an image says which it is: a tag other than `latest`, or a digest. */
export const isPinned = (image: string) => /:(?!latest$)[\w.-]+$|@sha256:[0-9a-f]{64}$/.test(image)

/** What a reviewer would object to in a Dockerfile of this project, with the files that
 *  `.dockerignore` lets through. */
export function faultsIn(dockerfile: string, ignored: string, knownNames: readonly string[]): string[] {
  const instructions = instructionsOf(dockerfile)
  const of = (name: string) => instructions.filter((each) => each.name === name)
  const lastFrom = instructions.map(({ name }) => name).lastIndexOf('FROM')
  const final = instructions.slice(lastFrom)
  const defaults = new Map(of('ARG').map(({ rest }) => rest.split('=', 2) as [string, string])) // two by split
  const imageOf = (from: string) =>
    (from.split(' ')[0] ?? '').replace(/\$\{(\w+)\}/g, (_, name: string) => defaults.get(name) ?? '')

  const users = final.filter(({ name }) => name === 'USER').map(({ rest }) => rest)
  const letThrough = [...ignored.matchAll(/^!(.+)$/gm)].map(([, name = '']) => name)
  const sources = of('COPY')
    .filter(({ rest }) => !rest.startsWith('--from='))
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
  const isLetThrough = (source: string) =>
    letThrough.some((each) => source === each || source.startsWith(`${each}/`))

  return [
    ...of('FROM')
      .map(({ rest }) => imageOf(rest))
      .filter((image) => !isPinned(image))
      .map((image) => `${image} has no tag of its own`),
    ...(users.length > 0 && !['root', '0'].includes(users.at(-1) ?? '') ? [] : ['it runs as root']),
    ...['HEALTHCHECK', 'STOPSIGNAL', 'CMD']
      .filter((name) => !final.some((each) => each.name === name))
      .map((name) => `${name} is missing`),
    ...final
      .filter(({ name, rest }) => name === 'CMD' && !rest.startsWith('['))
      .map(() => 'a shell stands between the signal and the server'),
    ...sources.filter((source) => !existsSync(path.join(root, source))).map((each) => `${each} is not there`),
    ...sources.filter((source) => !isLetThrough(source)).map((each) => `${each} is kept out`),
    ...of('ENV')
      .flatMap(assigned)
      .filter((name) => !knownNames.includes(name))
      .map((name) => `nobody reads ${name}`),
    ...[...of('ENV'), ...of('ARG')]
      .flatMap(assigned)
      .filter(isSecret)
      .map((name) => `${name} would be readable in the image`),
    ...of('ADD').map(() => 'ADD fetches and unpacks'),
  ]
}
