import { readFileSync } from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { evaluate, evaluateData, type Scope } from './expression'
import type { Instance } from './instance'
import { isElement, parseWxml, type WxmlElement, type WxmlNode } from './wxml'

/** What a view needs of the logic layer while it is drawn. */
export interface ViewOwner {
  /** The component this tag stands for where `by` draws it; undefined for a built-in tag. */
  component(tag: string, by: Instance, key: string, properties: () => Scope): Instance | undefined
  fault(message: string): void
}

/** A drawn element, or a run of text. Attributes are worked out when asked for. */
export class ViewNode {
  readonly children: ViewNode[] = []
  constructor(
    readonly tag: string,
    readonly parent: ViewNode | undefined,
    readonly owner: Instance,
    readonly text = '',
    private readonly attributes: Readonly<Record<string, string>> = {},
    private readonly scope: Scope = {},
  ) {}

  attribute(name: string): unknown {
    const source = this.attributes[name]
    return source === undefined ? undefined : evaluate(source, this.scope)
  }

  /** The method of the owner that this element's template binds to an event. */
  binding(event: string): { method: string; stops: boolean } | undefined {
    for (const kind of ['bind', 'catch']) {
      const method = this.attributes[`${kind}${event}`] ?? this.attributes[`${kind}:${event}`]
      if (method) return { method, stops: kind === 'catch' }
    }
    return undefined
  }

  *all(): Generator<ViewNode> {
    yield this
    for (const child of this.children) yield* child.all()
  }
}

interface ViewFile {
  nodes: WxmlNode[]
  templates: Map<string, WxmlElement>
  modules: Scope
}

/** Draws the WXML of a built app as WeChat's view layer would, so that a tap goes only where a
 *  template binds it. */
export class View {
  private readonly files = new Map<string, ViewFile>()

  constructor(private readonly dist: string) {}

  draw(file: string, instance: Instance, owner: ViewOwner): ViewNode {
    const root = new ViewNode('page', undefined, instance)
    this.drawFile(file, root, instance, owner)
    return root
  }

  private drawFile(file: string, into: ViewNode, instance: Instance, owner: ViewOwner): void {
    const loaded = this.load(file)
    this.drawAll(loaded.nodes, { ...loaded.modules, ...instance.data }, into, loaded, owner)
  }

  private drawAll(
    nodes: readonly WxmlNode[],
    scope: Scope,
    into: ViewNode,
    file: ViewFile,
    owner: ViewOwner,
  ): void {
    let chosen = false
    for (const node of nodes) {
      if (!isElement(node)) {
        into.children.push(new ViewNode('#text', into, into.owner, String(evaluate(node.text, scope) ?? '')))
        continue
      }
      const { 'wx:if': when, 'wx:elif': elseWhen } = node.attributes
      if (when !== undefined) chosen = Boolean(evaluate(when, scope))
      else if (elseWhen !== undefined || 'wx:else' in node.attributes) {
        if (chosen) continue
        chosen = elseWhen === undefined || Boolean(evaluate(elseWhen, scope))
      }
      if ((when !== undefined || elseWhen !== undefined) && !chosen) continue
      const list = node.attributes['wx:for']
      if (list === undefined) this.drawOne(node, scope, into, file, owner)
      else {
        const items = (evaluate(list, scope) ?? []) as unknown[]
        items.forEach((item, index) => {
          this.drawOne(node, { ...scope, item, index }, into, file, owner)
        })
      }
    }
  }

  private drawOne(node: WxmlElement, scope: Scope, into: ViewNode, file: ViewFile, owner: ViewOwner): void {
    const { tag, attributes } = node
    if (tag === 'block') this.drawAll(node.children, scope, into, file, owner)
    else if (tag === 'template') this.drawTemplate(attributes, scope, into, file, owner)
    else {
      const properties = () =>
        Object.fromEntries(Object.entries(attributes).map(([name, text]) => [name, evaluate(text, scope)]))
      const sid = (scope.i as { sid?: string } | undefined)?.sid ?? ''
      const component = owner.component(tag, into.owner, `${tag} ${sid}`, properties)
      const drawn = new ViewNode(tag, into, into.owner, '', attributes, scope)
      into.children.push(drawn)
      if (component) {
        const inside = new ViewNode('#component', drawn, component)
        drawn.children.push(inside)
        this.drawFile(`${component.is}.wxml`, inside, component, owner)
      } else this.drawAll(node.children, scope, drawn, file, owner)
    }
  }

  private drawTemplate(
    attributes: WxmlElement['attributes'],
    scope: Scope,
    into: ViewNode,
    file: ViewFile,
    owner: ViewOwner,
  ): void {
    if (attributes.name !== undefined) return // a definition
    const name = String(evaluate(attributes.is ?? '', scope))
    const template = file.templates.get(name)
    if (!template) {
      owner.fault(`template ${name} is used but no WXML file defines it`)
      return // WeChat draws nothing here either, and says so in its log
    }
    const data = attributes.data === undefined ? {} : evaluateData(attributes.data, scope)
    this.drawAll(template.children, { ...file.modules, ...data }, into, file, owner)
  }

  private load(file: string): ViewFile {
    const known = this.files.get(file)
    if (known) return known
    const nodes = parseWxml(readFileSync(path.join(this.dist, file), 'utf8'), file)
    const loaded: ViewFile = {
      nodes: nodes.filter((node) => !isElement(node) || (node.tag !== 'import' && node.tag !== 'wxs')),
      templates: new Map(),
      modules: {},
    }
    this.files.set(file, loaded)
    for (const node of nodes.filter(isElement)) {
      const { src, module, name } = node.attributes
      const target = path.join(path.dirname(file), src ?? '')
      if (node.tag === 'import') {
        const imported = this.load(target)
        for (const [title, template] of imported.templates) loaded.templates.set(title, template)
        Object.assign(loaded.modules, imported.modules)
      } else if (node.tag === 'wxs' && module) loaded.modules[module] = this.runWxs(target)
      else if (node.tag === 'template' && name) loaded.templates.set(name, node)
    }
    return loaded
  }

  private runWxs(file: string): unknown {
    const module = { exports: {} }
    vm.compileFunction(readFileSync(path.join(this.dist, file), 'utf8'), ['module', 'exports'])(
      module,
      module.exports,
    )
    return module.exports
  }
}
