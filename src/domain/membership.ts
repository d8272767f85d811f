// 应到名单：当日在册党员，减去免考勤和经批准的长期请假
import * as v from 'valibot'
import { type Day, daySchema } from './day'
import { branchIdSchema, personIdSchema } from './ids'

/** From a day, up to but not including another; without an end it goes on. */
export const periodSchema = v.object({ from: daySchema, until: v.optional(daySchema) })
export type Period = v.InferOutput<typeof periodSchema>

/** 党小组, by the name the branch gives it: 「第一党小组」 */
export const groupNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(20))

/** 党员 / 预备党员 / 入党积极分子 */
export const membershipKindSchema = v.picklist(['full', 'probationary', 'activist'])

/** One person's place in one branch, with every change dated, so that any past day stays true.
 *  Readable by the person, the secretary and the committee. Reasons are not kept. */
export const membershipSchema = v.object({
  branchId: branchIdSchema,
  personId: personIdSchema,
  name: v.string(),
  /** 编号: tells two people of one name apart. */
  number: v.optional(v.string()),
  /** What they are; what they were on an earlier day follows from the two days below. */
  membership: membershipKindSchema,
  /** 接收为预备党员: before it an activist. Without it, always. */
  admittedOn: v.optional(daySchema),
  /** 转正: before it probationary. Without it, always. */
  fullFrom: v.optional(daySchema),
  /** When they belonged to the branch: more than one when they came back. */
  spells: v.array(periodSchema),
  /** 免考勤: advanced age, long illness. */
  exempt: v.array(periodSchema),
  /** 经批准的长期请假 */
  longAbsence: v.array(periodSchema),
  /** 党小组: one at a time. */
  groups: v.optional(v.array(v.object({ ...periodSchema.entries, name: groupNameSchema }))),
})
export type Membership = v.InferOutput<typeof membershipSchema>

export const covers = (period: Period, day: Day) =>
  period.from <= day && (period.until === undefined || day < period.until)

export const overlap = (a: Period, b: Period): boolean =>
  (b.until === undefined || a.from < b.until) && (a.until === undefined || b.from < a.until)

/** What somebody was on a day. */
export function kindOn(membership: Membership, day: Day): Membership['membership'] {
  const { admittedOn, fullFrom } = membership
  if (membership.membership === 'activist' || (admittedOn !== undefined && day < admittedOn))
    return 'activist'
  return membership.membership === 'full' && (fullFrom === undefined || fullFrom <= day)
    ? 'full'
    : 'probationary'
}

export const belongsOn = (membership: Membership, day: Day): boolean =>
  membership.spells.some((spell) => covers(spell, day))

/** The Party group somebody is in on a day; none where the branch is not divided. */
export const groupOn = ({ groups = [] }: Membership, day: Day): string | undefined =>
  groups.find((each) => covers(each, day))?.name

/** The branch's Party groups on a day, by name. */
export const groupsOn = (memberships: readonly Membership[], day: Day): string[] => {
  const names = memberships.flatMap((each) => (belongsOn(each, day) ? (groupOn(each, day) ?? []) : []))
  return [...new Set(names)].sort()
}

/** Whether the branch expects this person on this day. Activists attend and are never expected. */
export function isExpectedOn(membership: Membership, day: Day): boolean {
  if (kindOn(membership, day) === 'activist') return false
  if (!belongsOn(membership, day)) return false
  return ![...membership.exempt, ...membership.longAbsence].some((period) => covers(period, day))
}
