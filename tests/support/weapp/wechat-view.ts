import vm from 'node:vm'
import type { ViewNode } from './view'

/** What a page shows, in as much as a test of ours relies on it. */
export type Outline = string | { tag: string; attributes: Record<string, unknown>; inside: Outline[] }

interface WeChatNode {
  tag: string
  attr?: Record<string, unknown>
  children?: (WeChatNode | string)[]
}

const compared = [
  'id',
  'data-sid',
  'class',
  'aria-label',
  'aria-role',
  'placeholder',
  'value',
  'disabled',
  'bindtap',
  'bindinput',
]

/** The page as the code that wcc made of it draws it from this data; components are left closed. */
export function drawnByWeChat(code: string, file: string, data: object): Outline[] {
  const context = vm.createContext({ __wxAppCode__: {}, console, file, text: JSON.stringify(data) })
  vm.runInContext('globalThis.window = globalThis', context)
  // The data must be made of the context's own objects, or WXS sees nothing in them.
  const page = vm.runInContext(`${code}\n;$gwx(file)(JSON.parse(text), {}, {})`, context) as WeChatNode
  return outlinesOf(page.children ?? [])
}

export const drawnByUs = (root: ViewNode): Outline[] => joined(root.children.map(ourOutline))

function outlinesOf(children: (WeChatNode | string)[]): Outline[] {
  return joined(
    children.map((child): Outline => {
      if (typeof child === 'string') return child
      const { tag, attr = {}, children: inside = [] } = child
      const read = (name: string) =>
        attr[name] ?? attr[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]
      return { tag: tag.replace(/^wx-/, ''), attributes: attributesOf(read), inside: outlinesOf(inside) }
    }),
  )
}

function ourOutline(node: ViewNode): Outline {
  if (node.tag === '#text') return node.text
  const bound = (name: string) =>
    name.startsWith('bind') ? node.binding(name.slice('bind'.length))?.method : undefined
  const attributes = attributesOf((name) => bound(name) ?? node.attribute(name))
  const inside = node.children.filter((child) => child.tag !== '#component')
  return { tag: node.tag, attributes, inside: joined(inside.map(ourOutline)) }
}

/** An attribute without a value is none. */
function attributesOf(read: (name: string) => unknown): Record<string, unknown> {
  const pairs = compared.map((name) => [name, read(name)] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== ''))
}

/** Texts side by side are one text, and none is nothing. */
function joined(outlines: Outline[]): Outline[] {
  const all: Outline[] = []
  for (const one of outlines) {
    const last = all.at(-1)
    if (typeof one === 'string' && typeof last === 'string') all[all.length - 1] = last + one
    else if (one !== '') all.push(one)
  }
  return all
}
