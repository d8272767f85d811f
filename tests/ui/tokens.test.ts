import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import postcss, { AtRule, type Container, type Declaration, Rule } from 'postcss'

const root = path.resolve(__dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const sheet = postcss.parse(read('src/ui/ui.css'))
const rules: Rule[] = []
sheet.walkRules((rule) => {
  rules.push(rule)
})

const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]

const isIn = (name: string, params: string) => (rule: Rule) =>
  rule.parent instanceof AtRule && rule.parent.name === name && rule.parent.params === params

function tokensOf(rule: Rule | undefined): Map<string, string> {
  const found = new Map<string, string>()
  rule?.walkDecls(/^--/, ({ prop, value }) => {
    found.set(prop, value)
  })
  return found
}

const dark = tokensOf(rules.find(isIn('media', '(prefers-color-scheme: dark)')))
const light = tokensOf(rules[0])
const tokens: Record<Theme, Map<string, string>> = { light, dark: new Map([...light, ...dark]) }

/** WCAG 2: relative luminance, then the ratio of the lighter to the darker. */
function luminance(token: string, theme: Theme): number {
  const hex = tokens[theme].get(token)
  if (hex === undefined || !/^#[0-9a-f]{6}$/.test(hex)) throw new Error(`${token} is no colour: ${hex}`)
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string, theme: Theme): number {
  const [dim = 0, bright = 0] = [luminance(one, theme), luminance(other, theme)].sort((a, b) => a - b)
  return (bright + 0.05) / (dim + 0.05)
}

const tokenIn = (rule: Rule, properties: RegExp) => {
  let found: string | undefined
  rule.walkDecls(properties, (declaration) => {
    found = /^var\((--[a-z0-9-]+)\)$/.exec(declaration.value)?.[1]
  })
  return found
}

/** A rule with both a text and a background colour is a pair. Text without a background of its own
 *  may stand on the paper or on a card, and the two inks on any tint. */
function pairs() {
  const found = new Set<string>()
  for (const rule of rules) {
    const text = tokenIn(rule, /^color$/)
    const ground = tokenIn(rule, /^background$/)
    if (text && ground) found.add(`${text} on ${ground}`)
    else if (text) for (const plain of ['--paper', '--surface']) found.add(`${text} on ${plain}`)
  }
  const tints = ['--paper', '--surface', '--ok-weak', '--wait-weak', '--red-weak']
  for (const ink of ['--ink', '--ink-2']) for (const tint of tints) found.add(`${ink} on ${tint}`)
  return [...found].map((pair) => pair.split(' on '))
}

/** What tells something without words. A frame in --line does not: the words in it say what it is. */
const marks = [
  { what: 'the frame of a field, a switch that is off', mark: '--edge', grounds: ['--surface', '--paper'] },
  { what: 'a switch that is on', mark: '--ok', grounds: ['--surface', '--paper'] },
  { what: 'the knob of a switch', mark: '--surface', grounds: ['--edge', '--ok'] },
  { what: 'what is wrong, where one is', mark: '--red', grounds: ['--surface', '--paper'] },
  { what: 'how far it is', mark: '--red', grounds: ['--line', '--surface'] },
  { what: 'where the keyboard is', mark: '--ink', grounds: ['--surface', '--paper'] },
  { what: 'the frame of what was chosen: 到会', mark: '--ok', grounds: ['--ok-weak', '--surface'] },
  { what: 'the frame of what was chosen: 迟到', mark: '--wait', grounds: ['--wait-weak', '--surface'] },
  { what: 'the frame of what was chosen: 缺席', mark: '--red', grounds: ['--red-weak', '--surface'] },
]

describe.each(themes)('in the %s', (theme) => {
  test.each(pairs())('%s on %s can be read: 4.5 or more', (text = '', ground = '') => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(marks)('$what stands out ($mark): 3 or more', ({ mark, grounds }) => {
    for (const ground of grounds) expect(contrast(mark, ground, theme)).toBeGreaterThanOrEqual(3)
  })
})

test('the pairs come from the stylesheet; what is disabled is one of them', () => {
  expect(pairs()).toEqual(
    expect.arrayContaining([
      ['--on-red', '--red'],
      ['--ok', '--ok-weak'],
      ['--ink-2', '--line'],
    ]),
  )
})

test('large type changes the size and no colour', () => {
  const large = rules.find(({ selector }) => selector === '.large')
  expect(large?.nodes.map(String)).toEqual(['--s: 1.35'])
})

test('each colour has its dark one, but what a camera reads stays on white', () => {
  const isColour = (value: string) => /^(#|rgba?\()/.test(value)
  const named = [...light].filter(([, value]) => isColour(value)).map(([name]) => name)
  expect([...dark.keys(), '--scan'].sort()).toEqual(named.sort())
  expect(light.get('--scan')).toBe('#ffffff')
  const onWhite = rules.filter((rule) => tokenIn(rule, /^background$/) === '--scan')
  expect(onWhite.flatMap(({ selectors }) => selectors)).toEqual(['.picture', '.picture-paper'])
})

test('fields and scroll bars follow the system too, before the stylesheet is there as well', () => {
  expect(valuesOf('color-scheme')).toEqual(['light dark'])
  expect(read('src/index.html')).toContain('<meta name="color-scheme" content="light dark">')
})

test.each(themes)('the bars of WeChat and of the browser have the colours of the %s page', (theme) => {
  const colours = JSON.parse(read('src/theme.json'))[theme]
  const named = [...read('src/app.config.ts').matchAll(/colour\('(\w+)', '([\w-]+)'\)/g)]
  expect(named.length).toBeGreaterThan(0)
  for (const [, name = '', token] of named) expect(colours[name]).toBe(tokens[theme].get(`--${token}`))

  const paper = tokens[theme].get('--paper')
  expect(read('src/index.html')).toContain(`content="${paper}" media="(prefers-color-scheme: ${theme})"`)
})

test('an installed app opens in the colours of the light page: a manifest knows one set', () => {
  const manifest = JSON.parse(read('src/static/manifest.webmanifest'))
  expect([manifest.theme_color, manifest.background_color]).toEqual([
    light.get('--paper'),
    light.get('--paper'),
  ])
})

test('colours are written once, as tokens', () => {
  const literal = /#[0-9a-f]{3}|rgb|hsl|gradient|\b(white|black|gr[ae]y|red|green|blue|orange|yellow)\b/i
  const literals: string[] = []
  sheet.walkDecls((declaration: Declaration) => {
    if (declaration.prop.startsWith('--')) return
    if (literal.test(declaration.value.replace(/var\([^)]*\)/g, ''))) literals.push(String(declaration))
  })
  expect(literals).toEqual([])
})

test('no code has a colour of its own', () => {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  const coloured = files
    .filter((file) => /\.tsx?$/.test(file))
    .filter((file) => /#([0-9a-f]{3}|[0-9a-f]{6})\b|\b(rgb|hsl)a?\(/i.test(read(path.join('src', file))))
  expect(files).toContain('app.config.ts')
  expect(coloured).toEqual([])
})

test('type grows with --s and is never under 12', () => {
  const sizes: number[] = []
  sheet.walkDecls('font-size', ({ value, parent }) => {
    if (parent instanceof Rule && parent.selector === '.tick') return // a mark, not words
    sizes.push(Number(/^calc\((\d+)px \* var\(--s\)\)$/.exec(value)?.[1] ?? 0))
  })
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12)
  // The last is read across a room.
  expect([...new Set(sizes)].sort()).toEqual([14, 16, 20, 22, 76])
})

/** The mini-program's compiler refuses or rewrites the tags and `*`; a finger leaves :active and :hover
 *  behind on some phones, so what is pressed has `hoverClass`. */
test('only page and body are selected by their tag, and nothing by *, :not, :active or :hover', () => {
  const odd = rules
    .flatMap((rule) => rule.selectors)
    .filter((selector) => !/^(page|body)$/.test(selector))
    .map((selector) => selector.replace(/^body /, ''))
    .filter((selector) => /(^|[\s>+~])[a-z*]|:not|:active|:hover/i.test(selector))
  expect(odd).toEqual([])
  expect(rules.map(({ selector }) => selector)).toContain('.pressed')
})

test('what scrolls inside a page glides on old iPhones', () => {
  const scrolling = rules.filter((rule) => /auto|scroll/.test(valuesOf(/^overflow/, rule).join()))
  expect(scrolling.map(({ selector }) => selector)).toContain('.sheet-panel')
  for (const rule of scrolling) expect(valuesOf('-webkit-overflow-scrolling', rule)).toEqual(['touch'])
})

test('nothing moves by itself, so there is nothing to calm', () => {
  expect(valuesOf(/^(transition|animation|scroll-behavior)/)).toEqual([])
  expect(rules.filter(({ parent }) => parent instanceof AtRule && parent.name === 'keyframes')).toEqual([])
})

describe('the edges of the screen that a notch or a gesture bar takes', () => {
  const areas = ['--safe-top', '--safe-right', '--safe-bottom', '--safe-left']

  test('are known where the phone knows them, and nothing at all elsewhere', () => {
    const known = tokensOf(rules.find(isIn('supports', '(padding: env(safe-area-inset-top))')))
    expect([...known]).toEqual(
      areas.map((area) => [area, `env(${area.replace('--safe', 'safe-area-inset')})`]),
    )
    expect(areas.map((area) => light.get(area))).toEqual(areas.map(() => '0px')) // a calc needs the px
    const elsewhere: string[] = []
    sheet.walkDecls((declaration) => {
      if (!areas.includes(declaration.prop) && declaration.value.includes('env('))
        elsewhere.push(String(declaration))
    })
    expect(elsewhere).toEqual([])
  })

  test.each([
    { selector: '.page-bar', area: '--safe-top' },
    { selector: '.page-body', area: '--safe-bottom' },
    { selector: '.page-dock', area: '--safe-bottom' },
    { selector: '.sheet-panel', area: '--safe-bottom' },
    { selector: '.wide', area: '--safe-left' },
  ])('$selector keeps clear of $area', ({ selector, area }) => {
    const found = rules.filter((rule) => rule.selector === selector)
    expect(found.flatMap((rule) => valuesOf(/^padding/, rule)).join()).toContain(`var(${area})`)
  })

  test('whatever is kept at the bottom keeps clear of it', () => {
    const bare = rules
      .filter((rule) => /sticky|fixed/.test(valuesOf('position', rule).join()))
      .filter((rule) => valuesOf('bottom', rule).includes('0'))
      .filter(
        (rule) =>
          !valuesOf(/^padding/, rule)
            .join()
            .includes('--safe-bottom'),
      )
    expect(bare.flatMap(({ selectors }) => selectors)).toEqual(['.sheet', '.sheet-shade']) // they hold the panel
  })
})

function valuesOf(property: string | RegExp, within: Container | undefined = sheet): string[] {
  const found: string[] = []
  within.walkDecls(property, ({ value }) => {
    found.push(value)
  })
  return found
}
