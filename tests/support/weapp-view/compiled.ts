import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { TmplGroup } from 'glass-easel-template-compiler'
import postcss from 'postcss'

export interface Compiled {
  /** A script that sets `window.templates`. */
  readonly templates: string
  /** What the compiler of the templates had to say. */
  readonly complaints: readonly string[]
}

interface TemplateComplaint {
  readonly message: string
  readonly path: string
  readonly startLine: number
}

const compiled = new Map<string, Compiled>()

/** The templates of a built app as WeChat's glass-easel compiles them, once for each folder. */
export function compileTemplates(dist: string): Compiled {
  const known = compiled.get(dist) ?? compile(dist)
  compiled.set(dist, known)
  return known
}

function compile(dist: string): Compiled {
  const group = new TmplGroup()
  const complaints: string[] = []
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const [, name = '', ending] = /^(.*)\.(wxml|wxs)$/.exec(file.split(path.sep).join('/')) ?? []
    if (!ending) continue
    const source = readFileSync(path.join(dist, file), 'utf8')
    if (ending === 'wxs') group.addScript(name, source)
    else {
      const found = group.addTmpl(name, source) as TemplateComplaint[] // as its documentation says
      complaints.push(...found.map((each) => `${each.path}.wxml:${each.startLine + 1}: ${each.message}`))
    }
  }
  const code = group.getTmplGenObjectGroups()
  group.free()
  // The look-up of a template by its name: one that is not there would be passed over in silence.
  const told = code.replaceAll('return S[P]', 'return S[P]||templateMissing(P)')
  return { templates: `window.templates = ${told}`, complaints }
}

/** The styles of a page, the app's first, as CSS of a browser 375 px wide. */
export function cssOf(dist: string, route: string): string {
  return ['app', route].map((name) => readWxss(dist, `${name}.wxss`)).join('\n')
}

function readWxss(dist: string, file: string): string {
  const at = path.join(dist, file)
  if (!existsSync(at)) return ''
  const sheet = postcss.parse(readFileSync(at, 'utf8'))
  sheet.walkAtRules('import', (rule) => {
    const imported = rule.params.replace(/^["']|["']$/g, '')
    rule.replaceWith(postcss.parse(readWxss(dist, path.posix.join(path.posix.dirname(file), imported))))
  })
  sheet.walkRules((rule) => {
    rule.selectors = rule.selectors.flatMap(browserSelectors)
  })
  sheet.walkDecls((declaration) => {
    declaration.value = declaration.value.replace(
      /(-?[\d.]+)rpx\b/g,
      (_, length: string) => `${Number(length) / 2}px`,
    )
  })
  return sheet.toString()
}

/** The root of a page is the browser's body; a field names the class of its placeholder. */
function browserSelectors(selector: string): string[] {
  const placeholder = /^\.([\w-]*placeholder)$/.exec(selector)
  const more = placeholder ? [`[placeholder-class~="${placeholder[1]}"]::placeholder`] : []
  return [selector.replace(/(^|[\s>+~])page(?![\w-])/g, '$1body'), ...more]
}

const scripts = new Map<string, string>()

/** A file of `browser/` with all it imports. */
export function browserScript(name: string): string {
  const entry = path.join(__dirname, 'browser', `${name}.ts`)
  const build = () =>
    buildSync({ entryPoints: [entry], bundle: true, write: false, format: 'iife' }).outputFiles[0]?.text ?? ''
  const known = scripts.get(name) ?? build()
  scripts.set(name, known)
  return known
}
