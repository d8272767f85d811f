// 安排学习：本周的主题、领学人、地点，以及某一周改期或停学
import * as v from 'valibot'
import { amendmentChange, readStudy } from '../attendance'
import { branchCommand } from '../command'
import { daySchema, weekOf, weekSchema } from '../day'
import { accept, refuse } from '../decision'
import { personIdSchema } from '../ids'
import { inTheWayOf, readDay } from '../overlap'
import { movedTo } from '../planning'
import { reasonSchema } from '../register'
import { branchScope, reviewScope } from '../scopes'
import { planTopicSchema } from '../study-plan'
import { branchSettingsSchema, isHeld, materialSchema } from '../weekly-study'

export const planWeeklyStudy = branchCommand({
  version: 1,
  args: v.object({
    week: weekSchema,
    topic: v.pipe(v.string(), v.trim(), v.maxLength(80)),
    /** Without it, as a phone of before knows no better: stays as it is. */
    material: v.optional(materialSchema),
    studyLeadId: v.optional(personIdSchema),
    place: v.pipe(v.string(), v.trim(), v.maxLength(60)),
    planTopicId: v.optional(planTopicSchema.entries.id),
    version: v.number(),
  }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, { week, studyLeadId }) => [
    readStudy(branchId, week),
    ...(studyLeadId === undefined
      ? []
      : [{ scope: branchScope(branchId), type: 'person' as const, key: studyLeadId }]),
  ],
  decide(branchId, { week, topic, material, studyLeadId, place, planTopicId, version }, records) {
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study === undefined) return refuse({ code: 'no-such-study' })
    if (!isHeld(study)) return refuse({ code: 'not-held' })
    if (study.state === 'closed') return refuse({ code: 'already-closed' })
    if (study.version !== version) return refuse({ code: 'changed-meanwhile' })
    const lead = studyLeadId && records.get(branchScope(branchId), 'person', studyLeadId)
    if (studyLeadId !== undefined && !lead) return refuse({ code: 'not-on-roster' })
    const value = {
      ...study,
      isNamedByBranch: true,
      topic,
      material: material ?? study.material,
      // A phone of before says none: with the same words it is still about the same.
      planTopicId: planTopicId ?? (topic === study.topic ? study.planTopicId : undefined),
      place,
      studyLead: lead ? { personId: lead.id, name: lead.name } : undefined,
      version: study.version + 1,
    }
    return accept([{ scope: branchScope(branchId), type: 'weekly-study', key: week, value }])
  },
})

export const overrideWeek = branchCommand({
  version: 1,
  args: v.object({
    week: weekSchema,
    /** Another day of the same week; without it the week is not held (停学). */
    heldOn: v.optional(daySchema),
    reason: reasonSchema,
    version: v.number(),
  }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week, heldOn }) => [
    readStudy(branchId, week),
    { scope: branchScope(branchId), type: 'branch', key: 'branch' },
    ...(heldOn === undefined ? [] : readDay(branchId, heldOn)),
    { scope: reviewScope(branchId), type: 'register-line', prefix: `${week}/` },
  ],
  decide(branchId, { week, heldOn, reason, version }, records, { actor, evidence, commandKey }) {
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    const branch = records.get(branchScope(branchId), 'branch', 'branch')
    if (study === undefined || branch === undefined) return refuse({ code: 'no-such-study' })
    if (study.state === 'closed') return refuse({ code: 'already-closed' })
    if (study.version !== version) return refuse({ code: 'changed-meanwhile' })
    // Two weeks never share a day, whoever chooses it.
    if (heldOn !== undefined && weekOf(heldOn) !== week) return refuse({ code: 'day-outside-week' })
    const lines = records.list(reviewScope(branchId), 'register-line', `${week}/`)
    if (lines.some((line) => line.standing !== 'unrecorded' && line.via !== 'leave')) {
      return refuse({ code: 'study-has-records' })
    }
    const moved =
      heldOn === undefined ? undefined : movedTo(heldOn, branch.settings, reason, study, { topic: '' })
    const inTheWay = moved && inTheWayOf(moved, branchId, records)
    if (inTheWay) return refuse({ code: 'overlaps', topic: inTheWay.topic, startsAt: inTheWay.startsAt })
    return accept([
      {
        scope: branchScope(branchId),
        type: 'weekly-study',
        key: week,
        value: moved ?? { state: 'not-held', week, version: study.version + 1, isOverridden: true, reason },
      },
      amendmentChange(branchId, commandKey, {
        week,
        at: evidence.receivedAt,
        by: actor?.personId,
        what: 'study',
        reason,
        isAfterClosing: false,
      }),
    ])
  },
})

export const changeBranchSettings = branchCommand({
  version: 1,
  args: v.object({ settings: branchSettingsSchema, version: v.number() }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId) => [{ scope: branchScope(branchId), type: 'branch', key: 'branch' }],
  decide(branchId, { settings, version }, records) {
    const branch = records.get(branchScope(branchId), 'branch', 'branch')
    if (branch === undefined) return refuse({ code: 'no-such-branch' })
    if (branch.version !== version) return refuse({ code: 'changed-meanwhile' })
    const { opens, starts, onTimeUntil, ends, closes } = settings
    const isInOrder = opens <= starts && starts <= onTimeUntil && starts < ends && onTimeUntil <= closes
    if (!isInOrder) return refuse({ code: 'times-out-of-order' })
    // A phone of before does not know of these, and must not change them.
    const { makeUpDays = branch.settings.makeUpDays, quotas = branch.settings.quotas } = settings
    const value = { ...branch, settings: { ...settings, makeUpDays, quotas }, version: branch.version + 1 }
    return accept([{ scope: branchScope(branchId), type: 'branch', key: 'branch', value }])
  },
})
