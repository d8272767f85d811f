/** One page of the app, drawn by WeChat's component framework in a document of its own, as WeChat
 *  gives each page a web view of its own. The code of the app is not here: what a template binds an
 *  event to is told to the logic layer, and its `setData` comes back. */

import * as glassEasel from 'glass-easel'
import type { Definition, Heard } from '../messages'
import { createNative, isField, writeAttribute } from './native'

class BrowserContext extends glassEasel.CurrentWindowBackendContext {
  override document = {
    createElement: (tag: string) => (hosts.has(tag) ? document.createElement(tag) : createNative(tag)),
    createTextNode: (text: string) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  } as unknown as glassEasel.domlikeBackend.Context['document'] // its types know no browser
}

/** The elements that stand for components. */
const hosts = new Set(['page-root'])
const space = new glassEasel.ComponentSpace()
// Early: what Taro declares as a component's value before it has one is no tree yet.
space.updateComponentOptions({ writeIdToDOM: true, propertyEarlyInit: true })
let page: glassEasel.GeneralComponent | undefined
const components = new Map<string, glassEasel.GeneralComponent>()

glassEasel.addGlobalErrorListener((error, _, where) => {
  const name = typeof where === 'string' ? where : where?.is
  void window.complain(`glass-easel: ${name ?? ''} ${error instanceof Error ? error.stack : error}`)
  return false
})
glassEasel.addGlobalWarningListener((message) => {
  void window.complain(`glass-easel warns: ${message}`)
  return false
})

/** glass-easel passes over a template that is not there; WeChat writes it into its log. */
window.templateMissing = (name) => {
  if (name) void window.complain(`template ${name} is used but no WXML file defines it`)
  return undefined
}

glassEasel.NativeNode.prototype.updateAttribute = function (name, value) {
  writeAttribute(this.$$ as unknown as HTMLElement, name, value) // what createNative made
}

window.drawPage = (definition, placed) => {
  for (const component of placed) define(component)
  const context = new BrowserContext()
  context.onEvent((target, type, given, options) => {
    const { originalEvent } = options as { originalEvent: Event } // the browser's own
    glassEasel.triggerEvent(target, type, detailOf(type, given, originalEvent.target), options)
  })
  page = glassEasel.Component.createWithContext('page-root', define(definition), context)
  const place = document.body.appendChild(document.createElement('i'))
  glassEasel.Element.replaceDocumentElement(page, document.body as never, place as never) // nor here
}

window.change = ({ change, component }) => {
  const target = component ? components.get(component) : page
  if (target) target.setData(JSON.parse(change))
  else void window.complain(`there is no ${component} to set data of`)
}

function define({ is, data, properties, methods, using, virtualHost }: Definition) {
  for (const tag of Object.keys(using)) hosts.add(tag)
  const typed = properties.map(({ name, type, value }) => [name, { type: types[type] ?? null, value }])
  const template = window.templates[is]
  if (!template) void window.complain(`${is}.wxml is missing`)
  return space.defineComponent({
    is,
    data,
    using,
    options: { virtualHost },
    // WeChat's templates bind by attributes: `bindtap`, `catchtouchmove`.
    template: template && { content: template, fallbackListenerOnNativeNode: true },
    properties: Object.fromEntries(typed),
    methods: Object.fromEntries(methods.map((method) => [method, tell(method)])),
    lifetimes: {
      attached(this: glassEasel.GeneralComponent) {
        components.set(keyOf(this), this)
      },
    },
  }) as glassEasel.GeneralComponentDefinition // whose data is what it is
}

const types: Record<string, unknown> = { Object, String, Number, Boolean, Array }

/** `this` is the component whose template has the binding. */
function tell(method: string) {
  return function (this: glassEasel.GeneralComponent, event: glassEasel.ShadowedEvent<object>) {
    const { type, detail, target, currentTarget } = event
    const heard: Heard = {
      method,
      component: this === page ? undefined : keyOf(this),
      event: {
        type,
        ...{ timeStamp: event.timeStamp, detail, touches: [], changedTouches: [] },
        ...{ target: identity(target), currentTarget: identity(currentTarget) },
      },
    }
    void window.hear(heard)
  }
}

/** As our reader of templates calls it; Taro hands a component its part of the tree as `i`. */
const keyOf = ({ is, data }: glassEasel.GeneralComponent) => `${is} ${data.i?.sid ?? ''}`

const identity = ({ id, dataset }: glassEasel.Element) => ({ id, dataset, offsetLeft: 0, offsetTop: 0 })

function detailOf(type: string, given: { x?: number; y?: number }, target: unknown): object {
  if (type === 'tap') return { x: given.x, y: given.y }
  return isField(target) ? { value: target.value, cursor: target.selectionEnd } : {}
}
