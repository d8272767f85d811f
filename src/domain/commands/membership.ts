// 名册变动：转正、接收、党小组、免考勤、长期请假、恢复考勤、转出，都写明从哪一天起，以前的登记不变
import * as v from 'valibot'
import { branchCommand } from '../command'
import { type Day, daySchema } from '../day'
import { accept, refuse } from '../decision'
import { personIdSchema } from '../ids'
import {
  belongsOn,
  covers,
  groupNameSchema,
  groupOn,
  kindOn,
  type Membership,
  overlap,
  type Period,
} from '../membership'
import type { Change } from '../records'
import { branchScope, memberScope, reviewScope } from '../scopes'

const from = daySchema
const until = v.optional(daySchema)

/** What becomes of somebody in the branch, from a day on. */
export const membershipChangeSchema = v.variant('what', [
  /** 接收为预备党员 */
  v.object({ what: v.literal('admitted'), from }),
  /** 预备党员转正 */
  v.object({ what: v.literal('full'), from }),
  /** 编入党小组；没有名称的为不分组 */
  v.object({ what: v.literal('group'), from, name: v.optional(groupNameSchema) }),
  /** 免考勤 */
  v.object({ what: v.literal('exempt'), from, until }),
  /** 长期请假 */
  v.object({ what: v.literal('long-absence'), from, until }),
  /** 恢复考勤 */
  v.object({ what: v.literal('expected-again'), from }),
  /** 转出：从这一天起不在本支部 */
  v.object({ what: v.literal('left'), from }),
])
export type MembershipChange = v.InferOutput<typeof membershipChangeSchema>

type Impossible = 'not-on-roster' | 'already-decided' | 'times-out-of-order'

/** The membership after it, or why it cannot be. */
function changed(membership: Membership, change: MembershipChange): Membership | Impossible {
  if (!belongsOn(membership, change.from)) return 'not-on-roster'
  switch (change.what) {
    case 'admitted':
      if (membership.membership !== 'activist') return 'already-decided'
      return { ...membership, membership: 'probationary', admittedOn: change.from }
    case 'full':
      if (membership.membership !== 'probationary' || kindOn(membership, change.from) !== 'probationary')
        return 'already-decided'
      return { ...membership, membership: 'full', fullFrom: change.from }
    case 'group': {
      if (groupOn(membership, change.from) === change.name) return 'already-decided'
      const groups = endedOn(membership.groups ?? [], change.from)
      const { from, name } = change
      return { ...membership, groups: name === undefined ? groups : [...groups, { from, name }] }
    }
    case 'exempt':
      return withPeriod(membership, 'exempt', change)
    case 'long-absence':
      return withPeriod(membership, 'longAbsence', change)
    case 'expected-again': {
      const exempt = endedOn(membership.exempt, change.from)
      const longAbsence = endedOn(membership.longAbsence, change.from)
      const isSame = exempt === membership.exempt && longAbsence === membership.longAbsence
      return isSame ? 'already-decided' : { ...membership, exempt, longAbsence }
    }
    case 'left':
      return { ...membership, spells: endedOn(membership.spells, change.from) }
  }
}

function withPeriod(
  membership: Membership,
  kind: 'exempt' | 'longAbsence',
  change: { readonly from: Day; readonly until?: Day | undefined },
): Membership | Impossible {
  if (change.until !== undefined && change.until <= change.from) return 'times-out-of-order'
  const period: Period = { from: change.from, ...(change.until && { until: change.until }) }
  if (membership[kind].some((each) => overlap(each, period))) return 'already-decided'
  return { ...membership, [kind]: [...membership[kind], period] }
}

/** Whatever goes on on the day, or begins later, ends with it. The same list where nothing does. */
function endedOn<Each extends Period>(periods: Each[], day: Day): Each[] {
  if (!periods.some((each) => covers(each, day) || day < each.from)) return periods
  return periods.flatMap((each) => {
    if (each.from >= day) return []
    return covers(each, day) ? [{ ...each, until: day }] : [each]
  })
}

export const changeMembership = branchCommand({
  version: 1,
  args: v.object({ memberId: personIdSchema, change: membershipChangeSchema }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { memberId }) => [
    { scope: reviewScope(branchId), type: 'membership', key: memberId },
    { scope: branchScope(branchId), type: 'person', key: memberId },
  ],
  decide(branchId, { memberId, change }, records, { actor }) {
    const membership = records.get(reviewScope(branchId), 'membership', memberId)
    if (membership === undefined) return refuse({ code: 'not-on-roster' })
    // Whoever keeps the register does not take themselves off it.
    if (change.what === 'left' && actor?.personId === memberId) return refuse({ code: 'not-allowed' })
    const value = changed(membership, change)
    if (typeof value === 'string') return refuse({ code: value })
    const changes: Change[] = [
      { scope: memberScope(memberId), type: 'membership', key: branchId, value },
      { scope: reviewScope(branchId), type: 'membership', key: memberId, value },
    ]
    const person = records.get(branchScope(branchId), 'person', memberId)
    if (change.what === 'left' && person !== undefined) {
      const left = { ...person, until: change.from }
      changes.push({ scope: branchScope(branchId), type: 'person', key: memberId, value: left })
    }
    return accept(changes)
  },
})
