import { call, type Instance } from './instance'
import type { Realm } from './realm'
import type { ViewNode } from './view'

/** A tap reaches every element from here up whose template binds it, the innermost first, until
 *  one catches it. An element whose own template does not is an error: on a phone it is dead. */
export function tap(target: ViewNode, realm: Realm): void {
  if (!target.binding('tap'))
    throw new Error(`the template of this <${target.tag}> does not bind tap: nothing hears it`)
  for (let node: ViewNode | undefined = target; node; node = node.parent) {
    const binding = node.binding('tap')
    if (!binding) continue
    emit('tap', node, target, { x: 10, y: 10 }, binding.method, realm)
    if (binding.stops) break
  }
}

/** Types as a person would: into the field, the text, out of it again. */
export function type(field: ViewNode, text: string, realm: Realm): void {
  const binding = field.binding('input')
  if (!binding)
    throw new Error(`the template of <${field.tag}> does not bind input: nothing hears what is typed`)
  const detail = { value: text, cursor: text.length }
  for (const event of ['focus', 'input', 'blur']) {
    const method = field.binding(event)?.method
    if (method) emit(event, field, field, detail, method, realm)
  }
}

function emit(
  kind: string,
  node: ViewNode,
  target: ViewNode,
  detail: object,
  method: string,
  realm: Realm,
): void {
  const event = {
    type: kind,
    timeStamp: Date.now(),
    detail,
    target: identity(target),
    currentTarget: identity(node),
    touches: [],
    changedTouches: [],
  }
  deliver(node.owner, method, event, realm)
}

/** Hands an event to the method that a template bound it to. */
export function deliver(owner: Instance, method: string, event: { type: string }, realm: Realm): void {
  if (typeof owner[method] !== 'function') throw new Error(`${owner.is} has no method ${method}`)
  realm.enter(`${owner.is} on ${event.type}`, () => call(owner, method, realm.copy(event)))
}

const identity = (node: ViewNode) => ({
  id: node.attribute('id'),
  dataset: { sid: node.attribute('data-sid') },
  offsetLeft: 0,
  offsetTop: 0,
})
