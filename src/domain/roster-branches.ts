// 花名册里的支部：每行属于哪个支部，支部要新建还是更改
import { type BranchId, branchId, type OrganizationId } from './ids'
import { isSame } from './person'
import { tidy } from './roster-cells'
import { columnTitle, grouped, type RosterLine } from './roster-lines'
import { difference, isRefused, type Refused, type RosterImporter, refused } from './roster-people'
import { type Branch, defaultBranchSettings } from './weekly-study'

/** A branch of the file: one that exists, or one to be made. */
export interface Target {
  readonly id: BranchId
  readonly name: string
  readonly existing: Branch | undefined
}

const targetOf = (existing: Branch): Target => ({ id: existing.id, name: existing.name, existing })

export interface BranchFate {
  readonly before: Branch | undefined
  readonly after: Branch
  readonly differences: readonly string[]
}

/** Finds the branch of each row: by its number where one has it, else by its exact name. */
export class BranchFinder {
  private readonly byName: ReadonlyMap<string, readonly Branch[]>
  private readonly byNumber: ReadonlyMap<string, readonly Branch[]>
  private readonly made = new Map<string, Target>()

  constructor(
    private readonly branches: readonly Branch[],
    private readonly by: RosterImporter,
    private readonly newBranchId: () => string,
  ) {
    this.byName = grouped(branches, ({ name }) => tidy(name))
    this.byNumber = grouped(branches, ({ number }) => number)
  }

  /** `usual`: the person's branch, for a row that names none. */
  find(line: RosterLine, usual: BranchId | undefined): Target | Refused {
    const { branchNumber: number, branchName: name } = line
    const known = this.known(number, name)
    if (this.by.is === 'secretary') return this.findOwn(known, this.by.branchId, name)
    if (name === undefined) {
      const branch = this.branches.find(({ id }) => id === usual)
      return branch === undefined ? refused('branchName', '“支部名称”没有填写，请补上') : targetOf(branch)
    }
    if (known.length > 1) return refused('branchName', '有几个支部叫这个名称，请填写“支部编号”')
    return known[0] === undefined ? this.make(name) : targetOf(known[0])
  }

  /** A name means no branch that is known by another number. */
  private known(number: string | undefined, name: string | undefined): readonly Branch[] {
    const numbered = this.byNumber.get(number ?? '')
    if (numbered !== undefined) return numbered
    const named = this.byName.get(name ?? '') ?? []
    return named.filter((branch) => number === undefined || branch.number === undefined)
  }

  private findOwn(known: readonly Branch[], id: BranchId, name: string | undefined): Target | Refused {
    const own = this.branches.find((branch) => branch.id === id)
    if (own === undefined) throw new Error('the secretary has no branch here')
    if (name === undefined || known.includes(own)) return targetOf(own)
    return refused('branchName', '您只能导入本支部的人员，请删去本行，或由机关党委管理员导入')
  }

  private make(name: string): Target {
    const target = this.made.get(name) ?? { id: branchId(this.newBranchId()), name, existing: undefined }
    this.made.set(name, target)
    return target
  }
}

export interface RowsOfBranch {
  readonly target: Target
  readonly lines: readonly RosterLine[]
}

/** What the rows together make of each branch, or why none of them can be taken. */
export function branchFates(
  groups: readonly RowsOfBranch[],
  branches: readonly Branch[],
  organizationId: OrganizationId,
): Map<BranchId, BranchFate | Refused> {
  const fates = new Map(
    groups.map(({ target, lines }) => [target.id, fateOfBranch(target, lines, organizationId)]),
  )
  // A name is free once its branch has another one, so a refusal can bring about the next.
  for (;;) {
    const accepted = [...fates].flatMap(([id, fate]) => (isRefused(fate) ? [] : [{ id, fate }]))
    const isAccepted = new Set(accepted.map(({ id }) => id))
    const after = [
      ...branches.filter(({ id }) => !isAccepted.has(id)),
      ...accepted.map(({ fate }) => fate.after),
    ]
    const clashes = accepted.flatMap(({ id, fate }) => {
      const clash = taken(fate, after)
      return clash === undefined ? [] : [[id, clash] as const]
    })
    if (clashes.length === 0) return fates
    for (const [id, clash] of clashes) fates.set(id, clash)
  }
}

function fateOfBranch(
  { id, name, existing }: Target,
  lines: readonly RosterLine[],
  organizationId: OrganizationId,
): BranchFate | Refused {
  for (const column of ['branchName', 'branchNumber', 'family'] as const) {
    if (new Set(lines.flatMap((line) => line[column] ?? [])).size > 1)
      return refused(column, `同一支部在表中的“${columnTitle(column)}”不一致，请改成一样的`)
  }
  const said = (column: 'branchName' | 'branchNumber' | 'family') =>
    lines.find((line) => line[column] !== undefined)?.[column]
  const family = said('family') ?? existing?.family
  if (family === undefined) {
    const words = `“${name}”还不是系统里的支部：如是新支部，请填写“类别”（机关、直属单位、科技社团等）；如写错了名称或编号，请改正`
    return refused('family', words)
  }
  const number = said('branchNumber')
  const nameSaid = said('branchName') ?? name
  const before = existing ?? { id, organizationId, name, family, settings: defaultBranchSettings, version: 0 }
  const after: Branch = {
    ...before,
    name: tidy(before.name) === nameSaid ? before.name : nameSaid,
    family,
    ...(number === undefined ? {} : { number }),
  }
  if (existing !== undefined && isSame(existing, after))
    return { before: existing, after: existing, differences: [] }
  const differences =
    existing === undefined
      ? []
      : [
          ...difference('支部名称', existing.name, after.name),
          ...difference('支部编号', existing.number, after.number),
          ...difference('类别', existing.family, after.family),
        ]
  return { before: existing, after: { ...after, version: before.version + 1 }, differences }
}

/** Two branches may not have one name or one number. */
function taken({ before, after }: BranchFate, all: readonly Branch[]): Refused | undefined {
  const others = all.filter(({ id }) => id !== after.id)
  const { name, number } = after
  if (name !== before?.name && others.some((other) => tidy(other.name) === tidy(name)))
    return refused('branchName', `另一个支部也叫“${name}”，请改用不同的名称，或核对支部编号`)
  if (number !== before?.number && others.some((other) => other.number === number))
    return refused('branchNumber', `支部编号 ${number} 另一个支部也在用，请核对`)
  return undefined
}
