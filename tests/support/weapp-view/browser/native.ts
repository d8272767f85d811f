/** WeChat's built-in components, the ones the app uses, as elements of the browser. */

const drawnAs: Readonly<Record<string, string>> = {
  view: 'view',
  text: 'text',
  image: 'img',
  button: 'button',
  input: 'input',
  textarea: 'textarea',
  'scroll-view': 'scroll-view',
}

type Field = HTMLInputElement | HTMLTextAreaElement

export const isField = (node: unknown): node is Field =>
  node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement

export function createNative(tag: string): HTMLElement {
  const name = drawnAs[tag]
  if (!name) void window.complain(`<${tag}> is not drawn: browser/native.ts does not know it`)
  return document.createElement(name ?? tag)
}

/** An attribute of WXML. Without a value it is as if it were not there. */
export function writeAttribute(element: HTMLElement, name: string, value: unknown): void {
  const isAria = name.startsWith('aria-')
  if (isField(element) && writeToField(element, name, value)) return
  if (value === undefined || value === null || (value === false && !isAria)) element.removeAttribute(name)
  else element.setAttribute(name, value === true && !isAria ? '' : String(value))
  if (name === 'aria-role') writeAttribute(element, 'role', value)
}

/** The value of a field is what stands in it now; its kind says which keyboard comes up. */
function writeToField(field: Field, name: string, value: unknown): boolean {
  const text = String(value ?? '')
  if (name === 'value') {
    if (field.value !== text) field.value = text
  } else if (name === 'type') field.inputMode = text === 'number' ? 'numeric' : 'text'
  else if (name === 'password') field.setAttribute('type', value === true ? 'password' : 'text')
  else if (name === 'focus') {
    if (value === true) field.focus()
  } else return false
  return true
}
