import { type Scope, scopeKinds } from '#domain/scopes'
import type { Statement } from './statements'

const scopePattern = new RegExp(`"((?:${scopeKinds.join('|')}):[a-z0-9-]+)"`, 'g')

/** All scopes that are handed into statements, alone, in lists or in lists as JSON. */
export const scopesIn = (statements: readonly Statement[]): Set<Scope> =>
  new Set(
    statements
      .flatMap(({ values }) => values.flat())
      .flatMap((value) =>
        typeof value === 'string' ? [...`${value} "${value}"`.matchAll(scopePattern)] : [],
      )
      .map(([, scope]) => scope as Scope), // by the pattern
  )

/** Transactions that touch more than one branch, or people of more than one, with what they touch.
 *  @param branchOf a person's, by their scope */
export function acrossBranches(
  statements: readonly Statement[],
  branchOf: (member: Scope) => string,
): { transaction: number; branches: string[] }[] {
  return [...new Set(statements.map(({ transaction }) => transaction))]
    .map((transaction) => {
      const own = statements.filter((each) => each.transaction === transaction)
      const branches = new Set<string>()
      for (const scope of scopesIn(own)) {
        const [kind, id = ''] = scope.split(':')
        if (kind === 'member') branches.add(branchOf(scope))
        else if (kind === 'branch' || kind === 'review' || kind === 'leave' || kind === 'secretary')
          branches.add(id)
      }
      return { transaction, branches: [...branches].sort() }
    })
    .filter(({ branches }) => branches.length > 1)
}
