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
  const context = vm.createContext({ __wxAppCode__: {}, console })
  vm.runInContext('globalThis.window = globalThis', context)
  const draw = vm.runInContext(`${code}\n;$gwx(${JSON.stringify(file)})`, context) as (
    ...given: object[]
  ) => WeChatNode
  return outlinesOf(draw(data, {}, {}).children ?? [])
}

export const drawnByUs = (root: ViewNode): Outline[] => joined(root.children.map(ourOutline))

function outlinesOf(children: (WeChatNode | string)[]): Outline[] {
  return joined(
    children.map((child): Outline => {
      if (typeof child === 'string') return child
      const { tag, attr = {}, children: inside = [] } = child
      const valueOf = (name: string) =>
        attr[name] ?? attr[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]
      return { tag: tag.replace(/^wx-/, ''), attributes: attributesOf(valueOf), inside: outlinesOf(inside) }
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
function attributesOf(valueOf: (name: string) => unknown): Record<string, unknown> {
  const pairs = compared.map((name) => [name, valueOf(name)] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== ''))
}

/** Texts side by side are one text, and none is nothing. */
function joined(outlines: Outline[]): Outline[] {
  return outlines.reduce<Outline[]>((all, one) => {
    const last = all.at(-1)
    if (typeof one !== 'string') return [...all, one]
    if (typeof last === 'string') return [...all.slice(0, -1), last + one]
    return one ? [...all, one] : all
  }, [])
}
