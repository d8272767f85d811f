import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const builtWeapp = path.resolve(process.env.WEAPP_DIST ?? 'dist/weapp')

export function requireBuiltWeapp(): void {
  if (!existsSync(path.join(builtWeapp, 'app.json')))
    throw new Error('dist/weapp is missing: run npm run build:weapp')
}

/** The first page and the tabs: a cold start on them needs no parameters. */
export function entryPages(): string[] {
  const app = JSON.parse(readFileSync(path.join(builtWeapp, 'app.json'), 'utf8')) as AppJson
  return [...new Set([...app.pages.slice(0, 1), ...(app.tabBar?.list ?? []).map((tab) => tab.pagePath)])]
}

interface AppJson {
  pages: string[]
  tabBar?: { list: { pagePath: string }[] }
}

/** A copy of the built app with one file rewritten, and the way to be rid of it. */
export function brokenDist(
  file: string,
  rewrite: (source: string) => string,
): { dist: string; remove: () => void } {
  const dist = mkdtempSync(path.join(tmpdir(), 'weapp-broken-'))
  cpSync(builtWeapp, dist, { recursive: true })
  const at = path.join(dist, file)
  const source = existsSync(at) ? readFileSync(at, 'utf8') : ''
  const rewritten = rewrite(source)
  if (rewritten === source) throw new Error(`${file} is as it was: there was nothing to break`)
  writeFileSync(at, rewritten)
  return { dist, remove: () => rmSync(dist, { recursive: true }) }
}
