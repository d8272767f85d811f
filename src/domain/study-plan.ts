// 学习计划：一年若干阶段、若干专题，由上级下发，支部可以增加和调整
import * as v from 'valibot'
import { type Day, daySchema } from './day'
import { materialSchema } from './weekly-study'

const idSchema = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,20}$/))
export const planYearSchema = v.pipe(v.number(), v.integer(), v.minValue(2000), v.maxValue(2100))

/** 专题. Named by its phone, so that a branch can speak of it before the server knows of it. */
export const planTopicSchema = v.object({
  id: idSchema,
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
  material: v.optional(materialSchema),
  /** 交流题目 */
  prompts: v.pipe(v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120))), v.maxLength(5)),
  /** Both days belong to it. */
  from: daySchema,
  until: daySchema,
})
export type PlanTopic = v.InferOutput<typeof planTopicSchema>

/** 阶段 */
export const planPhaseSchema = v.object({
  id: idSchema,
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(30)),
  topics: v.pipe(v.array(planTopicSchema), v.maxLength(20)),
})
export type PlanPhase = v.InferOutput<typeof planPhaseSchema>

/** A year's plan of the organisation: a draft at the admin's desk, handed down where every branch reads. */
export const studyPlanSchema = v.object({
  year: planYearSchema,
  title: v.pipe(v.string(), v.trim(), v.maxLength(60)),
  phases: v.pipe(v.array(planPhaseSchema), v.maxLength(8)),
  version: v.number(),
})
export type StudyPlan = v.InferOutput<typeof studyPlanSchema>

/** What a branch makes of the plan above: nothing is copied, so what it changed is what stands here. */
export const branchPlanSchema = v.object({
  year: planYearSchema,
  /** With the id of a topic above: adapted. With another: the branch's own. */
  topics: v.pipe(v.array(v.object({ phaseId: idSchema, topic: planTopicSchema })), v.maxLength(40)),
  /** 已确认: the version of the plan above that the branch looked through and goes by. */
  confirmed: v.optional(v.number()),
  version: v.number(),
})
export type BranchPlan = v.InferOutput<typeof branchPlanSchema>

export const topicsOf = (plan: Pick<StudyPlan, 'phases'>): PlanTopic[] =>
  plan.phases.flatMap(({ topics }) => topics)

/** Why a plan cannot be as it is, or undefined. */
export function planProblem({
  year,
  phases,
}: Pick<StudyPlan, 'year' | 'phases'>): 'malformed' | 'times-out-of-order' | undefined {
  const ids = [...phases, ...topicsOf({ phases })].map(({ id }) => id)
  if (new Set(ids).size < ids.length) return 'malformed'
  return topicsOf({ phases }).some((topic) => !isInOrder(topic, year)) ? 'times-out-of-order' : undefined
}

export const isInOrder = ({ from, until }: Pick<PlanTopic, 'from' | 'until'>, year: number): boolean =>
  from <= until && from.startsWith(String(year)) && until.startsWith(String(year))

/** Where a branch's topic comes from: 上级下发, 支部调整过, 支部增加. */
export type Origin = 'above' | 'adapted' | 'own'

export interface BranchTopic extends PlanTopic {
  readonly origin: Origin
  /** As it was handed down, where the branch goes another way. */
  readonly above?: PlanTopic
}

export interface BranchPhase extends Omit<PlanPhase, 'topics'> {
  readonly topics: readonly BranchTopic[]
}

/** Where the branch's own topics stand when the phase they were added to is no longer there. */
export const ownPhase = { id: 'own', name: '支部增加的专题' }

/** The plan a branch goes by: what was handed down, with its own over it. What it adapted of a topic that
 *  the organisation has taken back stays, as its own. */
export function phasesOf(above: StudyPlan | undefined, own: BranchPlan | undefined): BranchPhase[] {
  const mine = own?.topics ?? []
  const adapted = new Map(mine.map(({ topic }) => [topic.id, topic]))
  const phases = (above?.phases ?? []).map(
    ({ id, name, topics }): BranchPhase => ({
      id,
      name,
      topics: topics.map((topic): BranchTopic => {
        const other = adapted.get(topic.id)
        return other === undefined
          ? { ...topic, origin: 'above' }
          : { ...other, origin: 'adapted', above: topic }
      }),
    }),
  )
  const isAbove = new Set(topicsOf(above ?? { phases: [] }).map(({ id }) => id))
  const added = mine.filter(({ topic }) => !isAbove.has(topic.id))
  const known = new Set(phases.map(({ id }) => id))
  const ofPhase = (id: string): BranchTopic[] =>
    added
      .filter(({ phaseId }) => (known.has(phaseId) ? phaseId : ownPhase.id) === id)
      .map(({ topic }) => ({ ...topic, origin: 'own' }))
  const all = phases.map((phase) => ({ ...phase, topics: [...phase.topics, ...ofPhase(phase.id)] }))
  const others = ofPhase(ownPhase.id)
  return others.length === 0 ? all : [...all, { ...ownPhase, topics: others }]
}

/** The topics due on a day: the one that began last first, and of those the branch's own. */
export function topicsOn(phases: readonly BranchPhase[], day: Day): BranchTopic[] {
  const due = phases.flatMap(({ topics }) => topics).filter(({ from, until }) => from <= day && day <= until)
  return due.sort(
    (a, b) => b.from.localeCompare(a.from) || Number(b.origin === 'own') - Number(a.origin === 'own'),
  )
}

/** What a study of that day is about, unless somebody says otherwise. */
export const topicOn = (phases: readonly BranchPhase[], day: Day): BranchTopic | undefined =>
  topicsOn(phases, day)[0]
