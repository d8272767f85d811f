import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

interface AppJson {
  readonly darkmode?: boolean
  readonly themeLocation?: string
  readonly window?: Readonly<Record<string, string>>
  readonly tabBar?: { readonly [setting: string]: unknown }
}

type Theme = 'light' | 'dark'

export const knowsDark = (dist: string): boolean => readJson<AppJson>(dist, 'app.json').darkmode === true

/** The colours of WeChat's own bars, as app.json has them; `@name` is looked up in the theme file. */
export function appColours(dist: string, theme: Theme): Record<string, string> {
  const app = readJson<AppJson>(dist, 'app.json')
  const themes = readJson<Partial<Record<Theme, Record<string, string>>>>(dist, app.themeLocation ?? '')
  const colour = (given: unknown, otherwise: string) => {
    const text = String(given ?? otherwise)
    return text.startsWith('@') ? (themes[theme]?.[text.slice(1)] ?? otherwise) : text
  }
  return {
    bar: colour(app.window?.navigationBarBackgroundColor, '#000000'),
    'bar-text': colour(app.window?.navigationBarTextStyle, 'white'),
    tabs: colour(app.tabBar?.backgroundColor, '#ffffff'),
    'tab-text': colour(app.tabBar?.color, '#000000'),
    'tab-here': colour(app.tabBar?.selectedColor, '#000000'),
  }
}

function readJson<T extends object>(dist: string, file: string): T {
  const at = path.join(dist, file)
  const text = file && existsSync(at) ? readFileSync(at, 'utf8') : '{}'
  return JSON.parse(text) as T // what the build wrote
}
