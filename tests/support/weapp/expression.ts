import vm from 'node:vm'

export type Scope = Record<string, unknown>
type Evaluate = (scope: Scope) => unknown

const values = new Map<string, Evaluate>()
const literals = new Map<string, Evaluate>()

/** The value of an attribute or a text of WXML in this scope: `a {{b}} c` is text, a lone `{{b}}`
 *  keeps its type, and a name nobody defined is undefined, as in WeChat. */
export const evaluate = (source: string, scope: Scope): unknown => remembered(values, source, compile)(scope)

/** The `data` of a template is the inside of an object literal. */
export const evaluateData = (source: string, scope: Scope): Scope =>
  remembered(literals, source, () => compileOne(`{${source.trim().slice(2, -2)}}`))(scope) as Scope

function remembered(
  cache: Map<string, Evaluate>,
  source: string,
  make: (source: string) => Evaluate,
): Evaluate {
  const known = cache.get(source) ?? make(source)
  cache.set(source, known)
  return known
}

function compile(source: string): Evaluate {
  const pieces = source.split(/\{\{([\s\S]*?)\}\}/)
  const [before = '', lone = '', after = ''] = pieces
  if (pieces.length === 3 && !before.trim() && !after.trim()) return compileOne(lone)
  const parts = pieces.map((piece, index) => (index % 2 ? compileOne(piece) : () => piece))
  return (scope) => parts.map((part) => part(scope) ?? '').join('')
}

function compileOne(expression: string): Evaluate {
  const run = vm.compileFunction(`with (scope) { return (${expression}) }`, ['scope']) as (
    scope: object,
  ) => unknown
  return (scope) => run(new Proxy(scope, everyName))
}

/** Claims to have every name, so that no expression reaches the globals of the test. */
const everyName: ProxyHandler<Scope> = {
  has: () => true,
  get: (scope, name) => (typeof name === 'string' ? scope[name] : undefined),
}
