/** The aria attributes `src/ui` writes, for the built-in components it writes them on. */
const names = [
  'aria-role',
  'aria-label',
  'aria-checked',
  'aria-selected',
  'aria-disabled',
  'aria-hidden',
  'aria-live',
]
const attributes = Object.fromEntries(names.map((name) => [name, '']))

module.exports = {
  View: attributes,
  Text: attributes,
  Button: attributes,
  Input: attributes,
  Textarea: attributes,
}
