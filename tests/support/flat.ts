/** How much more or less something may cost with years of history than with weeks of it. */
export const flatLimit = 1.1

/** Each cost as a multiple of what it was.
 *  @throws when one is nothing, or no number: it was not measured, and proves nothing */
export function ratiosTo<Name extends string>(
  base: Readonly<Record<Name, number>>,
  later: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(base) as Name[] // the keys of a record of these names
  if (names.length === 0) throw new Error('nothing was measured')
  const ratios = names.map((name) => {
    if (!(base[name] > 0 && later[name] > 0)) throw new Error(`${name} was not measured`)
    return [name, later[name] / base[name]] as const
  })
  return Object.fromEntries(ratios) as Record<Name, number> // of exactly those names
}

/** The costs that moved by more than the limit. One that fell depends on the history too, and will
 *  rise again. */
export const notFlat = (ratios: Readonly<Record<string, number>>): string[] =>
  Object.entries(ratios).flatMap(([name, ratio]) =>
    ratio <= flatLimit && ratio >= 1 / flatLimit ? [] : [name],
  )
