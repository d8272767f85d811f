import { isNamed, tappableRoles } from '../phone'
import type { ViewNode } from './view'

const nativeRoles: Record<string, string> = { button: 'button', navigator: 'link', switch: 'switch' }
const fields = ['input', 'textarea']
const inline = ['#text', '#component', 'text', 'label']

export function roleOf(node: ViewNode): string | undefined {
  const role = node.attribute('aria-role')
  return typeof role === 'string' && role ? role : nativeRoles[node.tag]
}

/** What a screen reader would say. */
export function nameOf(node: ViewNode): string {
  const label = node.attribute('aria-label')
  if (typeof label === 'string' && label) return label
  return textOf(node, isSilent)
}

/** The text inside as lines: a `text` runs on, anything else begins a line. */
export function textOf(node: ViewNode, without: (node: ViewNode) => boolean = isInvisible): string {
  if (without(node)) return ''
  const inside = node.text + node.children.map((child) => textOf(child, without)).join('')
  return inline.includes(node.tag) ? inside : `\n${inside}\n`
}

export const linesOf = (node: ViewNode): string[] =>
  textOf(node)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** Everything that can be tapped: by its role, else because its template listens and nothing
 *  inside it does. */
export function tappables(root: ViewNode): { named: ViewNode[]; unnamed: ViewNode[] } {
  const shown = visible(root).filter((node) => !fields.includes(node.tag) && !isSilent(node))
  const named = shown.filter((node) => (tappableRoles as readonly string[]).includes(roleOf(node) ?? ''))
  const listening = new Set([...named, ...shown.filter((node) => node.binding('tap') && nameOf(node).trim())])
  const unnamed = [...listening].filter((node) => !named.includes(node) && !holdsOneOf(listening, node))
  return { named, unnamed }
}

const holdsOneOf = (nodes: ReadonlySet<ViewNode>, holder: ViewNode): boolean =>
  [...holder.all()].some((node) => node !== holder && nodes.has(node))

/** The tappable elements of this name, the innermost where one holds another. */
export function findTappables(root: ViewNode, name: string): ViewNode[] {
  const { named, unnamed } = tappables(root)
  const withName = (nodes: ViewNode[]) => nodes.filter((node) => isNamed(nameOf(node), name))
  const found = withName(named)
  const chosen = found.length > 0 ? found : withName(unnamed)
  return chosen.filter((node) => !chosen.some((other) => other !== node && [...node.all()].includes(other)))
}

export function findFields(root: ViewNode, label: string): ViewNode[] {
  const all = visible(root).filter((node) => fields.includes(node.tag))
  const by = (name: string) => all.filter((node) => isNamed(String(node.attribute(name) ?? ''), label))
  const labelled = by('aria-label')
  return labelled.length > 0 ? labelled : by('placeholder')
}

export const isDisabled = (node: ViewNode): boolean =>
  isTrue(node.attribute('disabled')) || isTrue(node.attribute('aria-disabled'))

const isTrue = (value: unknown): boolean => value === true || value === 'true'
const isSilent = (node: ViewNode): boolean => isTrue(node.attribute('aria-hidden')) || isInvisible(node)

/** Only what an inline style hides: there is no CSS here. */
const isInvisible = (node: ViewNode): boolean => /display:\s*none/.test(String(node.attribute('style') ?? ''))

function visible(node: ViewNode): ViewNode[] {
  return isInvisible(node) ? [] : [node, ...node.children.flatMap(visible)]
}
