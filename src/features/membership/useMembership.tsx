import { useState } from 'react'
import type { MembershipChange } from '#domain/commands/membership'
import { type Day, dayOf } from '#domain/day'
import type { BranchId, PersonId } from '#domain/ids'
import { belongsOn, covers, groupsOn, kindOn, type Membership } from '#domain/membership'
import { branchScope, reviewScope } from '#domain/scopes'
import { dayFrom, wantedDay } from '#domain/typed'
import { type SignedIn, useSubmit } from '#workspace'
import type { MembershipScreen, What } from './MembershipView'

export function useMembership(
  { replica }: SignedIn,
  branchId: BranchId,
  memberId: PersonId,
): MembershipScreen {
  const today = dayOf(replica.now())
  const [what, setWhat] = useState<What>()
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState('')
  const [group, setGroup] = useState('')
  const [errors, setErrors] = useState<{ from?: string; until?: string }>({})
  const [isSaved, setSaved] = useState(false)
  const { problem, submit } = useSubmit()
  const membership = replica.get(reviewScope(branchId), 'membership', memberId)
  if (membership === undefined) return { state: 'none' }

  const year = Number(today.slice(0, 4))
  const begins = dayFrom(from, year)
  const save = async () => {
    setSaved(false)
    const ends = until.trim() === '' ? undefined : dayFrom(until, year)
    const wrong = {
      ...(begins === undefined ? { from: wantedDay } : {}),
      ...(until.trim() !== '' && ends === undefined ? { until: wantedDay } : {}),
    }
    setErrors(wrong)
    if (what === undefined || begins === undefined || Object.keys(wrong).length > 0) return
    const change = changeOf(what, begins, ends, group.trim())
    const result = await submit(
      replica.submit('change-membership', branchScope(branchId), { memberId, change }),
    )
    if (result?.outcome !== 'recorded') return
    setWhat(undefined)
    setSaved(true)
  }
  return {
    state: 'ready',
    membership,
    kind: kindOn(membership, today),
    possible: possibleFor(membership, today, memberId === replica.personId),
    what,
    from,
    until,
    group,
    groups: groupsOn(replica.list(reviewScope(branchId), 'membership', ''), today),
    fromError: errors.from,
    untilError: errors.until,
    isPast: begins !== undefined && begins < today,
    problem,
    isSaved,
    onWhat: (chosen) => {
      setWhat(chosen)
      setSaved(false)
    },
    onFrom: setFrom,
    onUntil: setUntil,
    onGroup: setGroup,
    onSave: () => void save(),
  }
}

function changeOf(what: What, from: Day, until: Day | undefined, group: string): MembershipChange {
  if (what === 'exempt' || what === 'long-absence') return { what, from, until }
  return what === 'group' && group !== '' ? { what, from, name: group } : { what, from }
}

function possibleFor(membership: Membership, today: Day, isMe: boolean): What[] {
  if (!belongsOn(membership, today)) return []
  const isAway = [...membership.exempt, ...membership.longAbsence].some(
    (each) => covers(each, today) || today < each.from,
  )
  return [
    ...(membership.membership === 'activist' ? (['admitted'] as const) : []),
    ...(membership.membership === 'probationary' ? (['full'] as const) : []),
    'group',
    'exempt',
    'long-absence',
    ...(isAway ? (['expected-again'] as const) : []),
    ...(isMe ? [] : (['left'] as const)),
  ]
}
