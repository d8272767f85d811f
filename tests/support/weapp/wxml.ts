/** One element or run of text of a WXML file, as written. */
export type WxmlNode = WxmlElement | { readonly text: string; readonly line: number }

export interface WxmlElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: WxmlNode[]
  readonly line: number
}

export const isElement = (node: WxmlNode): node is WxmlElement => 'tag' in node

const token =
  /<!--[\s\S]*?-->|<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w:.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*(\/?)>/g
const attribute = /([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g

/** Reads WXML into its elements. Whether WeChat accepts the file is for its own compiler to say
 *  (compilers.ts); this refuses only what it could not draw. */
export function parseWxml(source: string, file: string): WxmlNode[] {
  const root: WxmlElement = { tag: '', attributes: {}, children: [], line: 1 }
  const open: WxmlElement[] = [root]
  const innermost = () => open.at(-1) ?? root
  let line = 1
  let from = 0
  for (const found of source.matchAll(token)) {
    const between = source.slice(from, found.index)
    if (between.trim()) innermost().children.push({ text: between.trim(), line })
    line += between.split('\n').length - 1
    const [all, closes, opens, attributes = '', selfClosing] = found
    if (opens) {
      const element: WxmlElement = { tag: opens, attributes: readAttributes(attributes), children: [], line }
      innermost().children.push(element)
      if (!selfClosing && opens !== 'import' && opens !== 'wxs') open.push(element)
    } else if (closes && closes !== 'import' && closes !== 'wxs') {
      if (innermost().tag !== closes)
        throw new Error(`${file}:${line}: </${closes}> closes <${innermost().tag}>`)
      open.pop()
    }
    line += all.split('\n').length - 1
    from = found.index + all.length
  }
  if (open.length > 1)
    throw new Error(`${file}: <${innermost().tag}> of line ${innermost().line} is never closed`)
  return root.children
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(attribute)].map(([, name = '', double, single]) => [name, double ?? single ?? '']),
  )
}
