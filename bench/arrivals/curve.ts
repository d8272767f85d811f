import type { Random } from '../../server/demo/random'

/** Some of the people, and how they come: evenly over a time, or all at once and then fewer and fewer. */
export type Part =
  | { readonly share: number; readonly come: 'evenly'; readonly fromMs: number; readonly forMs: number }
  | { readonly share: number; readonly come: 'at-once'; readonly fromMs: number; readonly meanMs: number }

const minute = 60_000

/** A Monday, from 08:15 on, when check-in opens and the first study begins a quarter of an hour later:
 *  supposed, for nobody has recorded one. */
export const monday: readonly Part[] = [
  { share: 0.3, come: 'evenly', fromMs: 0, forMs: 60 * minute },
  { share: 0.4, come: 'at-once', fromMs: 0, meanMs: 1.5 * minute },
  { share: 0.3, come: 'at-once', fromMs: 15 * minute, meanMs: minute },
]

/** When each of so many people opens the app, in ms from the beginning, in no order. */
export function comingOf(people: number, parts: readonly Part[], random: Random): number[] {
  return Array.from({ length: people }, () => {
    const part = random.weighted(parts.map((each) => [each, each.share] as const))
    if (part.come === 'evenly') return part.fromMs + random.next() * part.forMs
    return part.fromMs - Math.log(1 - random.next()) * part.meanMs
  })
}
