import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from './run.mjs'

/** WeChat's list of what needs consent, and where it is published. */
export const readGuarded = async () =>
  JSON.parse(await readFile(path.join(root, 'config/privacy-guarded.json'), 'utf8'))

/** What we tell people and WeChat that we use: the page 隐私保护说明 shows this list. */
export async function readDeclared() {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/features/public/privacy-apis.ts')],
    bundle: true,
    write: false,
    format: 'esm',
  })
  const { privacyApis } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  )
  return privacyApis
}

/** What the built mini-program uses of the list, each as WeChat names it. */
export async function usedIn(dist, { kinds }) {
  const files = await readdir(dist, { recursive: true })
  const textOf = async (ending) =>
    (
      await Promise.all(
        files.filter((file) => file.endsWith(ending)).map((file) => readFile(path.join(dist, file), 'utf8')),
      )
    ).join('\n')
  const [scripts, templates] = [await textOf('.js'), await textOf('.wxml')]
  if (scripts === '' || templates === '') throw new Error(`${dist} holds no mini-program: build it first`)

  const all = (what) => kinds.flatMap((kind) => kind[what] ?? [])
  const uses = (name, pattern, text = scripts) => (pattern.test(text) ? [name] : [])
  return [
    ...all('apis').flatMap((name) => uses(name, accessOf(name))),
    ...all('scopes').flatMap((name) => uses(`scope.${name}`, new RegExp(`["'\`]scope\\.${name}["'\`]`))),
    ...all('openTypes').flatMap((name) => uses(`open-type ${name}`, propertyOf('openType', name))),
    ...all('inputTypes').flatMap((name) => uses(`input ${name}`, propertyOf('type', name))),
    ...all('tags').flatMap((name) => uses(`<${name}>`, new RegExp(`<${name}[\\s>]`), templates)),
  ].filter((name, index, names) => names.indexOf(name) === index)
}

/** Reading it off something, by dot, by bracket or by taking it apart. Taro's own table has the names
 *  too, but only as texts in a list. */
const accessOf = (name) =>
  new RegExp(`\\.${name}\\b|[\\w)\\]]\\[["'\`]${name}["'\`]\\]|[{,]${name}:[\\w$]+[^{}]*\\}=`)
const propertyOf = (property, value) =>
  new RegExp(`\\b${property}:["'\`](?:[\\w]+\\|)?${value}(?:\\|[\\w]+)?["'\`]`)

/** Everything that does not agree, in sentences. */
export function disagreements(used, declared, guarded, app) {
  const guardedApis = guarded.kinds.flatMap(({ apis }) => apis)
  const kindOf = (api) => guarded.kinds.find(({ apis }) => apis.includes(api))
  const names = declared.map(({ api }) => api)
  const asksAtOnce = used.filter((name) => name.startsWith('scope.'))
  return [
    ...used
      .filter((name) => !names.includes(name) && !asksAtOnce.includes(name))
      .map((name) => `${name} is used and not declared in src/features/public/privacy-apis.ts`),
    ...asksAtOnce.map((name) => `${name} is asked for ahead of its use`),
    ...names.filter((name) => !used.includes(name)).map((name) => `${name} is declared and not used`),
    ...names
      .filter((name) => !guardedApis.includes(name))
      .map((name) => `${name} is not on WeChat's list of what is guarded`),
    ...declared
      .filter(({ api, information }) => kindOf(api) && kindOf(api).information !== information)
      .map(({ api }) => `${api} is called otherwise in WeChat's guide: ${kindOf(api).information}`),
    ...['requiredPrivateInfos', 'permission']
      .filter((key) => key in app)
      .map((key) => `app.json has ${key}: this app asks for no location`),
  ]
}
