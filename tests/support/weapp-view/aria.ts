import type { ViewNode } from '../weapp/view'
import type { DrawnWeapp } from './drawn-weapp'

const names = ['role', 'label', 'checked', 'selected', 'disabled', 'hidden', 'live'].map(
  (name) => `aria-${name}`,
)

/** What one element tells a screen reader, by its id. */
type Told = Record<string, string>

/** As the templates have it. */
export function ariaMeant(root: ViewNode): Told[] {
  return [...root.all()].map((node) => toldBy((name) => node.attribute(name))).filter(saysSomething)
}

/** As it arrived in the drawn elements. */
export async function ariaDrawn(phone: DrawnWeapp): Promise<Told[]> {
  const elements = (await phone.document()).locator('page-root [id]')
  const read = (all: Element[], wanted: string[]) =>
    all.map((element) => wanted.map((name) => element.getAttribute(name) ?? undefined))
  const values = await elements.evaluateAll(read, ['id', ...names])
  return values.map((all) => toldBy((name) => all[['id', ...names].indexOf(name)])).filter(saysSomething)
}

function toldBy(read: (name: string) => unknown): Told {
  const values = ['id', ...names].map((name) => [name, read(name)] as const)
  return Object.fromEntries(
    values.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  )
}

const saysSomething = (told: Told): boolean => Object.keys(told).some((name) => name !== 'id')
