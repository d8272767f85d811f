// 学习计划的编制、下发和支部的增补
import * as v from 'valibot'
import { branchCommand, organizationCommand } from '../command'
import { accept, refuse } from '../decision'
import { branchScope, deskScope, organizationScope, reviewScope } from '../scopes'
import {
  branchPlanSchema,
  isInOrder,
  planProblem,
  planYearSchema,
  studyPlanSchema,
  topicsOf,
} from '../study-plan'

/** The draft as it should be; `version` is the one that was seen, 0 for none. */
export const saveStudyPlan = organizationCommand({
  version: 1,
  args: v.object({ plan: studyPlanSchema }),
  roles: ['admin'],
  guard: deskScope,
  reads: (id, { plan }) => [{ scope: deskScope(id), type: 'study-plan', key: String(plan.year) }],
  decide(id, { plan }, records) {
    const before = records.get(deskScope(id), 'study-plan', String(plan.year))
    if ((before?.version ?? 0) !== plan.version) return refuse({ code: 'changed-meanwhile' })
    const problem = planProblem(plan)
    if (problem !== undefined) return refuse({ code: problem })
    const value = { ...plan, version: plan.version + 1 }
    return accept([{ scope: deskScope(id), type: 'study-plan', key: String(plan.year), value }])
  },
})

/** 下发: the draft becomes what every branch goes by. */
export const handDownPlan = organizationCommand({
  version: 1,
  args: v.object({ year: planYearSchema, version: v.number() }),
  roles: ['admin'],
  guard: deskScope,
  reads: (id, { year }) => [{ scope: deskScope(id), type: 'study-plan', key: String(year) }],
  decide(id, { year, version }, records) {
    const draft = records.get(deskScope(id), 'study-plan', String(year))
    if (draft === undefined || topicsOf(draft).length === 0) return refuse({ code: 'nothing-planned' })
    if (draft.version !== version) return refuse({ code: 'changed-meanwhile' })
    return accept([{ scope: organizationScope(id), type: 'study-plan', key: String(year), value: draft }])
  },
})

/** What the branch adds, adapts and confirms, as it should be; `version` is the one that was seen. */
export const keepBranchPlan = branchCommand({
  version: 1,
  args: v.object({ plan: branchPlanSchema }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, { plan }) => [
    { scope: branchScope(branchId), type: 'branch-plan', key: String(plan.year) },
  ],
  decide(branchId, { plan }, records) {
    const before = records.get(branchScope(branchId), 'branch-plan', String(plan.year))
    if ((before?.version ?? 0) !== plan.version) return refuse({ code: 'changed-meanwhile' })
    const topics = plan.topics.map(({ topic }) => topic)
    if (new Set(topics.map(({ id }) => id)).size < topics.length) return refuse({ code: 'malformed' })
    if (topics.some((topic) => !isInOrder(topic, plan.year))) return refuse({ code: 'times-out-of-order' })
    const value = { ...plan, version: plan.version + 1 }
    return accept([{ scope: branchScope(branchId), type: 'branch-plan', key: String(plan.year), value }])
  },
})
