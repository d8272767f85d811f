import { readFileSync } from 'node:fs'
import path from 'node:path'
import postcss, { type Declaration, type Rule } from 'postcss'

const css = readFileSync(path.resolve(__dirname, '../../src/ui/ui.css'), 'utf8')
const sheet = postcss.parse(css)
const rules: Rule[] = []
sheet.walkRules((rule) => {
  rules.push(rule)
})

const tokens = new Map<string, string>()
rules[0]?.walkDecls(/^--/, (declaration) => {
  tokens.set(declaration.prop, declaration.value)
})

/** WCAG 2: relative luminance, then the ratio of the lighter to the darker. */
function luminance(token: string): number {
  const hex = tokens.get(token)
  if (hex === undefined || !/^#[0-9a-f]{6}$/.test(hex)) throw new Error(`${token} is no colour: ${hex}`)
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
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

test.each(pairs())('%s on %s can be read: 4.5 or more', (text = '', ground = '') => {
  expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
})

test('the pairs come from the stylesheet', () => {
  expect(pairs()).toEqual(
    expect.arrayContaining([
      ['--on-red', '--red'],
      ['--ok', '--ok-weak'],
    ]),
  )
})

test.each(['--edge', '--ok', '--red'])('%s, a frame or a mark, stands out from a card: 3 or more', (mark) => {
  expect(contrast(mark, '--surface')).toBeGreaterThanOrEqual(3)
})

test('colours are written once, as tokens', () => {
  const literals: string[] = []
  sheet.walkDecls((declaration: Declaration) => {
    const isToken = declaration.prop.startsWith('--')
    if (!isToken && /#[0-9a-f]{3}|rgb|hsl|gradient/i.test(declaration.value))
      literals.push(String(declaration))
  })
  expect(literals).toEqual([])
})

test('type grows with --s and is never under 12', () => {
  const sizes: number[] = []
  sheet.walkDecls('font-size', ({ value, parent }) => {
    if (parent instanceof postcss.Rule && parent.selector === '.tick') return // a mark, not words
    sizes.push(Number(/^calc\((\d+)px \* var\(--s\)\)$/.exec(value)?.[1] ?? 0))
  })
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12)
  expect([...new Set(sizes)].sort()).toEqual([14, 16, 20, 22])
})

/** The mini-program's compiler refuses or rewrites the others. */
test('only page and body are selected by their tag, and nothing by * or :not', () => {
  const odd = rules
    .flatMap((rule) => rule.selectors)
    .filter((selector) => !/^(page|body)$/.test(selector))
    .map((selector) => selector.replace(/^body /, ''))
    .filter((selector) => /(^|[\s>+~])[a-z*]|:not|:active/i.test(selector))
  expect(odd).toEqual([])
})
