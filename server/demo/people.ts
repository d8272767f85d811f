import type { Appointment } from '#domain/authority'
import { addDays, type Day } from '#domain/day'
import type { PersonId } from '#domain/ids'
import { belongsOn, type Membership, type Period } from '#domain/membership'
import type { BranchName } from './branch-names'
import { branchSizes } from './branch-sizes'
import { type CastMember, cast, castBranch } from './cast'
import { Names } from './names'
import type { Random } from './random'

export interface DemoPerson {
  readonly id: PersonId
  readonly name: string
  readonly number?: string
  readonly birthYear: number
  readonly appointments: Appointment[]
}

/** A branch with everybody who ever belonged to it. */
export interface Roster {
  readonly named: BranchName
  readonly memberships: Membership[]
  readonly secretary: PersonId
  /** May keep the register: the secretary first. */
  readonly keepers: readonly PersonId[]
}

export interface Span {
  /** The first day of the history. */
  readonly from: Day
  readonly days: number
  readonly today: Day
}

const kinds: readonly (readonly [Membership['membership'], number])[] = [
  ['full', 90],
  ['probationary', 5],
  ['activist', 5],
]
const isOfCast = (id: PersonId) => cast.some((each) => each.personId === id)

/** Everybody and where they belonged. `total` counts people: those who changed branch once, and
 *  those who left as well. */
export class People {
  readonly all: DemoPerson[] = []
  readonly rosters: Roster[]
  /** Large enough, and not the cast's own, which stays as it is described. */
  private readonly changing: readonly Roster[]
  private readonly names: Names

  constructor(
    private readonly random: Random,
    branches: readonly BranchName[],
    total: number,
    private readonly span: Span,
  ) {
    this.names = new Names(random)
    const fromOutside = cast.filter((each) => each.branchId === undefined)
    for (const each of fromOutside) this.all.push(personOf(each))
    const leavers = Math.round(total * 0.02)
    const sizes = branchSizes(random, branches, total - leavers - fromOutside.length)
    this.rosters = branches.map((named, index) => this.newRoster(named, sizes[index] ?? 0))
    this.changing = this.rosters.filter(
      ({ named, memberships }) => named.id !== castBranch.id && memberships.length >= 10,
    )
    for (let count = 0; count < leavers; count++) this.addLeaver()
    for (let count = 0; count < Math.round(total * 0.01); count++) this.transfer()
    this.number()
    for (const { memberships } of this.rosters) {
      memberships.sort((a, b) => (a.personId < b.personId ? -1 : 1))
    }
  }

  /** 编号, as a roster file would give them. */
  private number(): void {
    const numbers = new Map<PersonId, string>()
    this.all.forEach((person, index) => {
      const number = `D${String(index + 1).padStart(4, '0')}`
      numbers.set(person.id, number)
      this.all[index] = { ...person, number }
    })
    for (const { memberships } of this.rosters) {
      memberships.forEach((membership, index) => {
        const number = numbers.get(membership.personId)
        if (number !== undefined) memberships[index] = { ...membership, number }
      })
    }
  }

  private newRoster(named: BranchName, size: number): Roster {
    const ownCast = cast.filter((each) => each.branchId === named.id)
    const people = ownCast.map((each) => ({ person: personOf(each), kind: each.membership }))
    // The first of a branch keep it together: full members of long standing.
    const founders = size < 10 ? 3 : 9
    while (people.length < size) {
      const kind = people.length < founders ? 'full' : this.kindIn(named, people.length === size - 1)
      people.push({ person: this.newPerson(kind === 'full' ? 1978 : 1994), kind })
    }
    const memberships = people.map(({ person, kind = 'full' }, index): Membership => {
      const isSettled = index < founders || isOfCast(person.id) || named.id === castBranch.id
      return {
        branchId: named.id,
        personId: person.id,
        name: person.name,
        membership: kind,
        spells: isSettled ? [{ from: this.longAgo() }] : this.spells(),
        exempt: isSettled ? [] : this.exempt(person),
        longAbsence: isSettled || !this.random.chance(0.03) ? [] : [this.absence()],
      }
    })
    if (named.id === castBranch.id) this.settleCastBranch(memberships)
    const keepers = this.appoint(
      named,
      people.flatMap(({ person, kind }) => (kind === 'full' ? [person] : [])),
    )
    this.all.push(...people.map(({ person }) => person))
    return { named, memberships, keepers, secretary: keepers[0] ?? memberships[0]?.personId ?? nobody() }
  }

  private kindIn({ id }: BranchName, isLast: boolean): Membership['membership'] {
    if (id === castBranch.id) return isLast ? 'activist' : 'full'
    return this.random.weighted(kinds)
  }

  /** Known to the last: 38 of 42 expected, so that what the demo shows can be told in advance. */
  private settleCastBranch(memberships: Membership[]): void {
    const { from, days, today } = this.span
    const change = (fromEnd: number, fields: Partial<Membership>) => {
      const at = memberships.length - 1 - fromEnd
      const before = memberships[at]
      if (before !== undefined) memberships[at] = { ...before, ...fields }
    }
    change(1, { exempt: [{ from: addDays(from, -400) }] })
    change(2, { exempt: [{ from: addDays(from, Math.floor(days / 3)) }] })
    change(3, { longAbsence: [{ from: addDays(today, -30), until: addDays(today, 60) }] })
    change(4, { spells: [{ from: addDays(from, Math.floor(days / 2)) }] })
    const probationer = memberships.findIndex((each) => each.membership === 'probationary')
    const before = memberships[probationer]
    if (before !== undefined) {
      memberships[probationer] = { ...before, spells: [{ from: addDays(today, -Math.min(200, days - 7)) }] }
    }
  }

  /** One secretary; with seven full members or more also a committee, here of two besides. */
  private appoint({ id: branchId }: BranchName, full: readonly DemoPerson[]): PersonId[] {
    const has = (role: Appointment['role']) =>
      full.find((person) => person.appointments.some((each) => each.role === role))
    const free = full.filter((person) => !isOfCast(person.id))
    const secretary = has('secretary') ?? free.shift()
    if (secretary === undefined) return []
    if (!has('secretary')) secretary.appointments.push({ role: 'secretary', branchId })
    if (full.length < 7) return [secretary.id]
    const committee = [has('committee-member')].filter((each) => each !== undefined)
    for (const person of free.slice(0, 2 - committee.length)) {
      person.appointments.push({ role: 'committee-member', branchId })
      committee.push(person)
    }
    return [secretary.id, ...committee.map((each) => each.id)]
  }

  private addLeaver(): void {
    const roster = this.random.pick(this.changing)
    const person = this.newPerson(1972)
    this.all.push(person)
    const until = addDays(this.span.from, this.random.int(1, this.span.days - 1))
    roster.memberships.push({
      branchId: roster.named.id,
      personId: person.id,
      name: person.name,
      membership: 'full',
      spells: [{ from: this.longAgo(), until }],
      exempt: [],
      longAbsence: [],
    })
  }

  /** From one branch to another on one day: the old one keeps what was recorded there. */
  private transfer(): void {
    const { random, span } = this
    const [from, to] = random.shuffled(this.changing)
    if (from === undefined || to === undefined) return
    const at = to.memberships.findIndex((each) => this.canMove(each, to))
    const moved = to.memberships[at]
    if (moved === undefined) return
    const day = addDays(span.from, random.int(1, span.days - 1))
    const before = moved.spells.map((spell) => ({ ...spell, until: day }))
    const plain = { ...moved, exempt: [], longAbsence: [] }
    to.memberships[at] = { ...plain, spells: [{ from: day }] }
    from.memberships.push({ ...plain, branchId: from.named.id, spells: before })
  }

  private canMove({ personId, membership, spells }: Membership, { keepers }: Roster): boolean {
    const isSettled = spells.length === 1 && spells.every((s) => s.from < this.span.from && !s.until)
    return isSettled && membership === 'full' && !isOfCast(personId) && !keepers.includes(personId)
  }

  private newPerson(around: number): DemoPerson {
    const birthYear = Math.min(
      2003,
      Math.max(1938, around + this.random.int(-22, 14) + this.random.int(-18, 10)),
    )
    return { ...this.names.next(birthYear), birthYear, appointments: [] }
  }

  private longAgo(): Day {
    return addDays(this.span.from, -this.random.int(60, 6000))
  }

  private spells(): Period[] {
    const { from, days } = this.span
    if (this.random.chance(0.07)) return [{ from: addDays(from, this.random.int(1, days - 1)) }]
    if (!this.random.chance(0.006)) return [{ from: this.longAgo() }]
    const away = this.random.int(1, Math.floor(days / 2))
    const back = this.random.int(away + 1, days - 1)
    return [{ from: this.longAgo(), until: addDays(from, away) }, { from: addDays(from, back) }]
  }

  private exempt({ birthYear }: DemoPerson): Period[] {
    const turns = `${birthYear + 75}-07-01`
    return turns < this.span.today ? [{ from: turns }] : []
  }

  private absence(): Period {
    const { from, days } = this.span
    const start = this.random.int(0, days)
    return { from: addDays(from, start), until: addDays(from, start + this.random.int(28, 150)) }
  }
}

export const currentMembers = ({ memberships }: Roster, today: Day): Membership[] =>
  memberships.filter((each) => belongsOn(each, today))

const personOf = ({ personId, name, birthYear, appointments }: CastMember): DemoPerson => ({
  id: personId,
  name,
  birthYear,
  appointments: [...appointments],
})

const nobody = (): never => {
  throw new RangeError('a branch without people')
}
