// 花名册导入：表中的每一行会新增、更改、转入或离开谁，先算清楚再写入
import type { Day } from './day'
import type { BranchId, OrganizationId } from './ids'
import type { Period } from './membership'
import { isPresent, type PersonRecords } from './person'
import type { Change } from './records'
import { type BranchFate, BranchFinder, branchFates, type Target } from './roster-branches'
import { tidy } from './roster-cells'
import { grouped, type PersonLine, type Roster, type RosterLine, type RowProblem } from './roster-lines'
import { type Fate, fateOf, isRefused, type Refused, type RosterImporter, refused } from './roster-people'
import { branchScope } from './scopes'
import type { Branch } from './weekly-study'

/** Everything of the organisation that a roster may touch. For a secretary too it has to hold whoever
 *  has a number of the file, in whatever branch. */
export interface ExistingRoster {
  readonly organizationId: OrganizationId
  readonly branches: readonly Branch[]
  readonly people: readonly PersonRecords[]
}

/** One person's row. `differences`: 「职务：无 → 支部书记」. */
export interface RosterItem {
  readonly row: number
  readonly name: string
  readonly number: string
  readonly branchName: string
  readonly differences: readonly string[]
}

export interface RosterPlan {
  readonly problems: readonly RowProblem[]
  readonly notices: readonly string[]
  readonly newBranches: readonly { readonly name: string; readonly family: string }[]
  readonly changedBranches: readonly { readonly name: string; readonly differences: readonly string[] }[]
  /** In no branch until now. */
  readonly added: readonly RosterItem[]
  readonly changed: readonly RosterItem[]
  readonly transferred: readonly (RosterItem & { readonly from: string; readonly on: Day })[]
  readonly left: readonly (RosterItem & { readonly on: Day })[]
  readonly unchanged: number
  /** Now in a branch of the file, and in none of its rows that could be read. They are left alone. */
  readonly notInFile: number
  /** What is to be written: nothing of a row with a problem. */
  readonly changes: readonly Change[]
}

export interface Importing {
  readonly roster: Roster
  readonly existing: ExistingRoster
  readonly by: RosterImporter
  readonly today: Day
  /** A new id for a person or a branch, never given before. */
  readonly newId: (kind: 'p' | 'b') => string
}

/** What importing would do. Importing the same file into the result does nothing.
 *  @throws when a secretary's own branch is not among the existing ones */
export function compareRoster(importing: Importing): RosterPlan {
  return new Comparison(importing).plan()
}

interface Placed {
  readonly line: RosterLine
  readonly target: Target
}

interface PlacedPerson extends Placed {
  readonly fate: Fate
}

class Comparison {
  private readonly problems: RowProblem[]
  private readonly notices: string[]
  private readonly peopleByNumber: ReadonlyMap<string, readonly PersonRecords[]>
  private readonly mentioned = new Set<PersonRecords>()

  constructor(private readonly importing: Importing) {
    const { roster, existing } = importing
    this.problems = [...roster.problems]
    this.notices = [...roster.notices]
    this.peopleByNumber = grouped(existing.people, ({ profile }) => profile.number)
    for (const { person } of roster.lines) {
      for (const known of this.peopleByNumber.get(person?.number ?? '') ?? []) this.mentioned.add(known)
    }
  }

  plan(): RosterPlan {
    const placed = this.placed()
    const sound = this.withFates(placed)
    const branches = this.branches(sound)
    const taken = sound.filter(({ target }) => branches.has(target.id))
    const people = taken.flatMap(({ line, target, fate }) =>
      fate === undefined ? [] : [{ line, target, fate }],
    )
    this.tellWhatIsNotASecretarys()
    this.tellManySecretaries(people)
    return {
      problems: this.problems.sort((a, b) => a.row - b.row),
      notices: this.notices,
      ...branchLists([...branches.values()]),
      ...personLists(people),
      notInFile: this.notInFile(placed),
      changes: [
        ...[...branches.values()].flatMap(({ before, after }) =>
          before === after ? [] : [branchRecord(after)],
        ),
        ...people.flatMap(({ fate }) => fate.changes),
      ],
    }
  }

  private placed(): Placed[] {
    const { roster, existing, by, newId } = this.importing
    const finder = new BranchFinder(existing.branches, by, () => newId('b'))
    return roster.lines.flatMap((line) => {
      const target = finder.find(line, this.branchOf(line.person))
      return this.accepts(line, target) ? [{ line, target }] : []
    })
  }

  /** Where somebody is, or which branch they left on the day their row says. */
  private branchOf(person: PersonLine | undefined): BranchId | undefined {
    const known = this.peopleByNumber.get(person?.number ?? '')?.[0]
    const hasLeft = ({ until }: Period) => until !== undefined && until === person?.leftOn
    const [membership, ...others] = (known?.memberships ?? []).filter(
      (each) => isPresent(each, this.importing.today) || each.spells.some(hasLeft),
    )
    return others.length > 0 ? undefined : membership?.branchId
  }

  private withFates(placed: readonly Placed[]): (Placed & { fate?: Fate })[] {
    const { existing, by, today, newId } = this.importing
    const names = new Map(existing.branches.map(({ id, name }) => [id, name]))
    const adopted = this.adopted(placed)
    return placed.flatMap(({ line, target }) => {
      if (line.person === undefined) return [{ line, target }]
      const before = this.known(line.person, adopted.get(line.row))
      const fate = isRefused(before)
        ? before
        : fateOf(line.person, before.person, {
            branchId: target.id,
            organizationId: existing.organizationId,
            by,
            today,
            nameOfBranch: (id) => names.get(id) ?? '另一支部',
            newPersonId: () => newId('p'),
          })
      return this.accepts(line, fate) ? [{ line, target, fate }] : []
    })
  }

  private known(
    { number }: PersonLine,
    adopted: PersonRecords | Refused | undefined,
  ): { readonly person: PersonRecords | undefined } | Refused {
    if (adopted !== undefined) return isRefused(adopted) ? adopted : { person: adopted }
    const [person, ...others] = this.peopleByNumber.get(number) ?? []
    if (others.length === 0) return { person }
    return refused('number', `编号 ${number} 已有几个人在用，请先联系系统管理员把他们区分开`)
  }

  /** Whoever has no number yet is known by their name within the branch, where that is certain. */
  private adopted(placed: readonly Placed[]): Map<number, PersonRecords | Refused> {
    const unnumbered = this.unnumbered()
    const unknown = placed.filter(({ line }) => !this.peopleByNumber.has(line.person?.number ?? ''))
    const rowsByPlace = grouped(unknown, ({ line, target }) =>
      line.person === undefined ? undefined : `${target.id} ${line.person.name}`,
    )
    const found = new Map<number, PersonRecords | Refused>()
    for (const [place, rows] of rowsByPlace) {
      const people = unnumbered.get(place) ?? []
      const [{ line }, ...others] = rows as [Placed, ...Placed[]] // a group has at least one
      const [person, ...namesakes] = people
      if (person === undefined) continue
      if (namesakes.length === 0 || others.length > 0) for (const each of people) this.mentioned.add(each)
      if (others.length > 0) {
        const words = `支部里有还没有编号的“${line.person?.name}”，表中同名的不止一行，无法判断是哪一位；请先只导入原有的那一位`
        for (const row of rows) found.set(row.line.row, refused('name', words))
      } else if (namesakes.length > 0) {
        this.notices.push(
          `支部里有 ${people.length} 位还没有编号的“${line.person?.name}”，第 ${line.row} 行按新增的人处理`,
        )
      } else {
        found.set(line.row, person)
      }
    }
    return found
  }

  private unnumbered(): Map<string, PersonRecords[]> {
    const { existing, today } = this.importing
    const people = existing.people.filter(({ profile }) => profile.number === undefined)
    return grouped(people, ({ memberships }) => {
      const [membership, ...others] = memberships.filter((each) => isPresent(each, today))
      if (membership === undefined || others.length > 0) return undefined
      return `${membership.branchId} ${tidy(membership.name)}`
    })
  }

  private branches(rows: readonly Placed[]): Map<BranchId, BranchFate> {
    const kept = new Map<BranchId, BranchFate>()
    const groups = [...grouped(rows, ({ target }) => target.id).values()]
    for (const [id, { fate, lines }] of this.branchFates(groups)) {
      if (!isRefused(fate)) kept.set(id, fate)
      else for (const { row } of lines) this.problems.push({ row, ...fate })
    }
    return kept
  }

  private branchFates(groups: readonly Placed[][]) {
    const { existing, by } = this.importing
    const rowsOf = groups.flatMap((rows) =>
      rows[0] === undefined ? [] : [{ target: rows[0].target, lines: rows.map(({ line }) => line) }],
    )
    // What a secretary's file says of the branch only tells which one it is.
    const said = by.is === 'admin' ? rowsOf : rowsOf.map(({ target }) => ({ target, lines: [] }))
    const fates = branchFates(said, existing.branches, existing.organizationId)
    return rowsOf.flatMap(({ target, lines }) => {
      const fate = fates.get(target.id)
      return fate === undefined ? [] : [[target.id, { fate, lines }] as const]
    })
  }

  private notInFile(placed: readonly Placed[]): number {
    const branches = new Set(placed.map(({ target }) => target.id))
    return this.importing.existing.people.filter(
      (person) =>
        !this.mentioned.has(person) &&
        person.memberships.some(
          (each) => branches.has(each.branchId) && isPresent(each, this.importing.today),
        ),
    ).length
  }

  private tellWhatIsNotASecretarys(): void {
    const { by, roster } = this.importing
    if (by.is === 'admin') return
    if (roster.lines.some(({ person }) => person?.role !== undefined))
      this.notices.push('“职务”没有读取：职务由机关党委管理员导入')
    if (roster.lines.some(({ family }) => family !== undefined))
      this.notices.push('“类别”没有读取：支部信息由机关党委管理员导入')
  }

  /** Not forbidden, since one may follow the other; but seldom meant. */
  private tellManySecretaries(people: readonly PlacedPerson[]): void {
    const after = new Map(this.importing.existing.people.map(({ profile }) => [profile.personId, profile]))
    for (const { fate } of people) after.set(fate.after.profile.personId, fate.after.profile)
    const secretaries = [...after.values()].flatMap(({ appointments }) =>
      appointments.flatMap((each) => (each.role === 'secretary' ? [each.branchId] : [])),
    )
    const names = new Map(people.map(({ target }) => [target.id, target.name]))
    for (const [id, name] of names) {
      const count = secretaries.filter((each) => each === id).length
      if (count > 1) this.notices.push(`“${name}”导入后有 ${count} 位支部书记，请核对“职务”`)
    }
  }

  private accepts<Outcome extends object>(
    { row }: RosterLine,
    outcome: Outcome | Refused,
  ): outcome is Exclude<Outcome, Refused> {
    if (isRefused(outcome)) this.problems.push({ row, ...outcome })
    return !isRefused(outcome)
  }
}

const branchRecord = (value: Branch): Change => ({
  scope: branchScope(value.id),
  type: 'branch',
  key: 'branch',
  value,
})

function branchLists(fates: readonly BranchFate[]): Pick<RosterPlan, 'newBranches' | 'changedBranches'> {
  return {
    newBranches: fates.flatMap(({ before, after: { name, family } }) =>
      before === undefined ? [{ name, family }] : [],
    ),
    changedBranches: fates.flatMap(({ before, after, differences }) =>
      before === undefined || before === after ? [] : [{ name: after.name, differences }],
    ),
  }
}

function personLists(
  people: readonly PlacedPerson[],
): Pick<RosterPlan, 'added' | 'changed' | 'transferred' | 'left' | 'unchanged'> {
  const items = people.map(({ line, target, fate }) => {
    const { name, number = '' } = fate.after.profile
    const { happened, differences } = fate
    return { happened, item: { row: line.row, name, number, branchName: target.name, differences } }
  })
  const those = (is: Fate['happened']['is']) =>
    items.flatMap(({ happened, item }) => (happened.is === is ? [item] : []))
  return {
    added: those('added'),
    changed: those('changed'),
    transferred: items.flatMap(({ happened, item }) =>
      happened.is === 'transferred' ? [{ ...item, from: happened.from, on: happened.on }] : [],
    ),
    left: items.flatMap(({ happened, item }) =>
      happened.is === 'left' ? [{ ...item, on: happened.on }] : [],
    ),
    unchanged: those('unchanged').length,
  }
}
