import { addDays, instantOf } from '#domain/day'
import { branchId, organizationId, type PersonId, personId } from '#domain/ids'
import type { Membership } from '#domain/membership'
import { planStudy } from '#domain/planning'
import { calendarFrom } from '#domain/published-notice'
import type { Change } from '#domain/records'
import { branchScope, memberScope, organizationScope, reviewScope } from '#domain/scopes'
import { defaultBranchSettings } from '#domain/weekly-study'

/** A small association: two branches, their people, and one Monday's study in both. */
export const association = organizationId('association')
export const home = branchId('home')
export const away = branchId('away')
export const week = '2025-W11'
export const monday = '2025-03-10'
export const at = (clock: string, days = 0) => instantOf(addDays(monday, days), clock)

export const people = {
  member: personId('member'),
  other: personId('other'),
  mover: personId('mover'),
  secretary: personId('secretary'),
  committee: personId('committee'),
  admin: personId('admin'),
} as const

const membershipOf = (who: PersonId, spells: Membership['spells'], branch = home): Membership => ({
  branchId: branch,
  personId: who,
  name: who,
  membership: 'full',
  spells,
  exempt: [],
  longAbsence: [],
})

/** A person's place in a branch, wherever it is told. */
export const membershipChanges = (membership: Membership): Change[] => [
  {
    scope: memberScope(membership.personId),
    type: 'membership',
    key: membership.branchId,
    value: membership,
  },
  {
    scope: reviewScope(membership.branchId),
    type: 'membership',
    key: membership.personId,
    value: membership,
  },
  {
    scope: branchScope(membership.branchId),
    type: 'person',
    key: membership.personId,
    value: { id: membership.personId, name: membership.name },
  },
]

/** From one branch to the other, as of the day before: they see the new one now and the old no more. */
export const moves = (who: PersonId, isBack: boolean): Change[] => {
  const [from, to] = isBack ? [away, home] : [home, away]
  const day = addDays(monday, -1)
  return [
    ...membershipChanges(membershipOf(who, [{ from: '2020-01-01', until: day }], from)),
    ...membershipChanges(membershipOf(who, [{ from: day }], to)),
  ]
}

export function everything(): Change[] {
  const calendar = calendarFrom([
    { year: 2025, daysOff: { '2025-05-05': '劳动节' }, workdays: {}, source: 'notice' },
  ])
  const rule = { kind: 'postpone' } as const
  const settings = defaultBranchSettings
  const changes: Change[] = [
    {
      scope: organizationScope(association),
      type: 'organization',
      key: 'organization',
      value: { id: association, name: '协会', isDemo: false, weekRule: rule, version: 1 },
    },
  ]
  for (const id of [home, away]) {
    const study = planStudy(
      week,
      { settings, rule, calendar, topicOn: () => ({ topic: '从科技发展看历史' }) },
      undefined,
      0,
    )
    if (study === undefined) throw new Error('the week was not planned')
    const branch = { id, organizationId: association, name: id, family: '科技社团', settings, version: 1 }
    changes.push(
      { scope: branchScope(id), type: 'branch', key: 'branch', value: branch },
      { scope: branchScope(id), type: 'weekly-study', key: week, value: study },
    )
  }
  for (const who of Object.values(people)) {
    const appointments =
      who === people.secretary
        ? [{ role: 'secretary' as const, branchId: home }]
        : who === people.committee
          ? [{ role: 'committee-member' as const, branchId: home }]
          : who === people.admin
            ? [{ role: 'admin' as const, organizationId: association }]
            : []
    const profile = { personId: who, name: who, organizationId: association, appointments }
    changes.push({ scope: memberScope(who), type: 'profile', key: 'profile', value: profile })
    if (who !== people.admin) changes.push(...membershipChanges(membershipOf(who, [{ from: '2020-01-01' }])))
  }
  return changes
}
