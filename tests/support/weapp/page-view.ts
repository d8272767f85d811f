import path from 'node:path'
import type { Bundle } from './bundle'
import { type Config, call, type Instance, instantiate, type SetDataCount } from './instance'
import type { Realm } from './realm'
import type { View, ViewNode, ViewOwner } from './view'

interface Placed {
  readonly instance: Instance
  passed: Config
}

/** What one page shows, with the components its templates place: Taro nests deep trees in `comp`
 *  and what a CustomWrapper holds in a component of its own. */
export class PageView implements ViewOwner {
  drawn: ViewNode | undefined
  private readonly placed = new Map<string, Placed>()
  private seen = new Set<string>()

  constructor(
    private readonly instance: Instance,
    private readonly view: View,
    private readonly bundle: Bundle,
    private readonly realm: Realm,
    private readonly count: SetDataCount,
    private readonly componentChanged: (component: string, change: Config) => void,
  ) {}

  redraw(): void {
    this.realm.enter(`${this.instance.is}.wxml`, () => {
      this.seen = new Set()
      this.drawn = this.view.draw(`${this.instance.is}.wxml`, this.instance, this)
      for (const [key, { instance }] of this.placed) if (!this.seen.has(key)) this.remove(key, instance)
      if (this.drawn.children.length === 0 && this.hasContent())
        this.fault('there is content and nothing is drawn')
    })
  }

  private hasContent(): boolean {
    const { root } = this.instance.data as { root?: { cn?: unknown[] } }
    return (root?.cn?.length ?? 0) > 0
  }

  end(): void {
    for (const [key, { instance }] of this.placed) this.remove(key, instance)
  }

  fault(message: string): void {
    const known = `${this.instance.is}: ${message}`
    if (!this.realm.faults.includes(known)) this.realm.fault(known)
  }

  component(tag: string, by: Instance, key: string, properties: () => Config): Instance | undefined {
    const at = (this.bundle.json(by.is).usingComponents as Record<string, string> | undefined)?.[tag]
    if (!at) return undefined
    const is = at.startsWith('/') ? at.slice(1) : path.posix.join(path.posix.dirname(by.is), at)
    const passed = properties()
    const known = this.placed.get(key) ?? this.place(key, is, passed)
    this.seen.add(key)
    // A CustomWrapper is ahead of its page: only what the page itself changed is handed down.
    for (const [name, value] of Object.entries(passed)) {
      if (value !== known.passed[name]) known.instance.data = { ...known.instance.data, [name]: value }
    }
    known.passed = passed
    return known.instance
  }

  /** The component that stands for the element of this tag and id: `comp _AB`. */
  componentAt(key: string): Instance | undefined {
    return this.placed.get(key)?.instance
  }

  private place(key: string, is: string, passed: Config): Placed {
    const instance = instantiate(this.bundle.registration(is), is, this.realm, this.count, (change) => {
      this.redraw()
      this.componentChanged(key, change)
    })
    instance.data = { ...instance.data, ...passed }
    const placed = { instance, passed }
    this.placed.set(key, placed)
    this.realm.enter(`${is} attached`, () => call(instance, 'attached'))
    return placed
  }

  private remove(key: string, instance: Instance): void {
    this.placed.delete(key)
    this.realm.enter(`${instance.is} detached`, () => call(instance, 'detached'))
  }
}
