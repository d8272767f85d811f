// 一个人在组织里的记录：本人资料、在各支部的党籍；转接和任职怎样改变它们
import type { Appointment, Profile } from './authority'
import type { Day } from './day'
import type { BranchId } from './ids'
import { type Membership, overlap, type Period } from './membership'
import type { Change } from './records'
import { branchScope, memberScope, reviewScope } from './scopes'

/** Somebody as the records have them, with every branch they ever belonged to. */
export interface PersonRecords {
  readonly profile: Profile
  readonly memberships: readonly Membership[]
}

/** 支部职务 */
export const branchRoles = ['secretary', 'committee-member', 'none'] as const
export type BranchRole = (typeof branchRoles)[number]

/** Not over by this day. */
export const isOpen = (period: Period | undefined, day: Day): boolean =>
  period !== undefined && (period.until === undefined || period.until > day)

export const isPresent = (membership: Membership, today: Day): boolean =>
  membership.spells.some((spell) => isOpen(spell, today))

/** Into a branch from a day on: the time elsewhere ends with it, and so do offices there; why somebody is
 *  not expected (age, long illness, away) goes along. */
export function movedTo(person: PersonRecords, branchId: BranchId, on: Day, today: Day): PersonRecords {
  const here = person.memberships.find((each) => each.branchId === branchId)
  const elsewhere = person.memberships.filter((each) => each !== here && isPresent(each, today))
  const ended = elsewhere.map((each) => ({ ...each, spells: endedOn(each.spells, on, today) }))
  const carried = (key: 'exempt' | 'longAbsence'): Period[] =>
    elsewhere
      .flatMap((each) => each[key])
      .filter((each) => isOpen(each, today))
      .map((period) => ({ ...period, from: on }))
  const was = elsewhere[0] ?? here
  const joined: Membership = {
    branchId,
    personId: person.profile.personId,
    name: person.profile.name,
    ...(person.profile.number !== undefined && { number: person.profile.number }),
    membership: was?.membership ?? 'full',
    ...(was?.admittedOn !== undefined && { admittedOn: was.admittedOn }),
    ...(was?.fullFrom !== undefined && { fullFrom: was.fullFrom }),
    spells: [...(here?.spells ?? []), { from: on }],
    exempt: [...(here?.exempt ?? []), ...carried('exempt')],
    longAbsence: [...(here?.longAbsence ?? []), ...carried('longAbsence')],
    ...(here?.groups !== undefined && { groups: here.groups }),
  }
  return {
    profile: elsewhere.reduce((each, { branchId: left }) => withRole(each, left, 'none'), person.profile),
    memberships: replaced(person.memberships, [...ended, joined]),
  }
}

/** What is open ends on a day; what would not have lasted a day goes. */
export const endedOn = (periods: readonly Period[], day: Day, today: Day): Period[] =>
  periods
    .map((period) => (isOpen(period, today) ? { ...period, until: day } : period))
    .filter(({ from, until }) => from !== until)

export const rolesIn = (profile: Profile, branchId: BranchId): Appointment[] =>
  profile.appointments.filter((each) => 'branchId' in each && each.branchId === branchId)

/** With this office in the branch and no other there. */
export function withRole(profile: Profile, branchId: BranchId, role: BranchRole): Profile {
  const roles = rolesIn(profile, branchId)
  const isSo = role === 'none' ? roles.length === 0 : roles.length === 1 && roles[0]?.role === role
  if (isSo) return profile
  const others = profile.appointments.filter((each) => !roles.includes(each))
  return { ...profile, appointments: role === 'none' ? others : [...others, { role, branchId }] }
}

export const replaced = (
  memberships: readonly Membership[],
  changed: readonly Membership[],
): Membership[] => {
  const isChanged = new Map(changed.map((each) => [each.branchId, each]))
  const kept = memberships.filter(({ branchId }) => !isChanged.has(branchId))
  return [...kept, ...changed]
}

/** Nobody is in two branches, or twice in one, on the same day. What does not change is not judged. */
export function isClash(before: PersonRecords | undefined, after: PersonRecords): boolean {
  const spells = after.memberships.flatMap((each) => {
    const was = before?.memberships.find(({ branchId }) => branchId === each.branchId)
    const isNew = !isSame(was?.spells, each.spells)
    return each.spells.map((spell) => ({ ...spell, isNew }))
  })
  return spells.some(
    (spell, index) =>
      (spell.isNew && spell.until !== undefined && spell.until <= spell.from) ||
      spells.slice(0, index).some((other) => (spell.isNew || other.isNew) && overlap(spell, other)),
  )
}

/** Records are compared as they are stored. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const lastOf = (spells: readonly Period[]): Period | undefined =>
  spells.reduce<Period | undefined>(
    (latest, spell) => (latest && latest.from > spell.from ? latest : spell),
    undefined,
  )

export function changesBetween(
  before: PersonRecords | undefined,
  after: PersonRecords,
  today: Day,
): Change[] {
  if (before === undefined) return recordsOf(after, today)
  const known = new Set(recordsOf(before, today).map((each) => JSON.stringify(each)))
  return recordsOf(after, today).filter((each) => !known.has(JSON.stringify(each)))
}

/** Everything that is kept of somebody's place in branches. */
function recordsOf({ profile, memberships }: PersonRecords, today: Day): Change[] {
  const { personId: id } = profile
  return [
    { scope: memberScope(id), type: 'profile', key: 'profile', value: profile },
    ...memberships.flatMap((value): Change[] => {
      const until = isPresent(value, today) ? undefined : (lastOf(value.spells)?.until ?? today)
      const person = { id, name: value.name, ...(until === undefined ? {} : { until }) }
      return [
        { scope: memberScope(id), type: 'membership', key: value.branchId, value },
        { scope: reviewScope(value.branchId), type: 'membership', key: id, value },
        { scope: branchScope(value.branchId), type: 'person', key: id, value: person },
      ]
    }),
  ]
}
