import type { BranchName } from './branch-names'
import { castBranch } from './cast'
import type { Random } from './random'

const castBranchSize = 42
const largest = 60
/** Room for the cast, and for a committee, in the first branches. */
const leastAtHome = 8

/** Mostly small, up to 60, one of exactly three; together exactly `total`. */
export function branchSizes(random: Random, branches: readonly BranchName[], total: number): number[] {
  const smallest = branches.length >= 10 ? branches.length - 1 : -1
  const fixedSize = (index: number) =>
    branches[index]?.id === castBranch.id ? castBranchSize : index === smallest ? 3 : undefined
  const least = (index: number) => (index < 2 ? leastAtHome : 4)
  const free = branches.map((_, index) => index).filter((index) => fixedSize(index) === undefined)

  const shares = branches.map(() => 5 + random.next() ** 2 * 55)
  const sum = shares.reduce((a, b) => a + b, 0)
  const sizes = shares.map(
    (share, index) =>
      fixedSize(index) ?? Math.min(largest, Math.max(least(index), Math.round((share / sum) * total))),
  )
  const fixed = sizes.reduce((a, _, index) => a + (fixedSize(index) ?? 0), 0)
  const minimum = free.reduce((a, index) => a + least(index), 0)
  if (total - fixed > free.length * largest || total - fixed < minimum) {
    throw new RangeError('too many or too few people for so many branches')
  }
  let missing = total - sizes.reduce((a, b) => a + b, 0)
  while (missing !== 0) {
    const index = random.pick(free)
    const next = (sizes[index] ?? 0) + Math.sign(missing)
    if (next > largest || next < least(index)) continue
    sizes[index] = next
    missing -= Math.sign(missing)
  }
  return sizes
}
