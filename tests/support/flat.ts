/** How much more something may cost with years of history than with weeks of it. */
export const flatLimit = 1.1

/** Each cost as a multiple of what it was. A cost that was nothing was not measured.
 *  @throws when there is nothing to compare with */
export function ratiosTo<Name extends string>(
  base: Readonly<Record<Name, number>>,
  grown: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(base) as Name[] // the keys of a record of these names
  if (names.length === 0) throw new Error('nothing was measured')
  const ratios = names.map((name) => {
    if (!(base[name] > 0)) throw new Error(`${name} was ${base[name]}: it was not measured`)
    return [name, grown[name] / base[name]] as const
  })
  return Object.fromEntries(ratios) as Record<Name, number> // of exactly those names
}

/** The costs that grew by more than the limit; a ratio that is no number counts as grown. */
export const grownIn = (ratios: Readonly<Record<string, number>>): string[] =>
  Object.entries(ratios).flatMap(([name, ratio]) => (ratio <= flatLimit ? [] : [name]))
