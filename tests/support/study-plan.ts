import { addDays, type Day } from '#domain/day'
import type { PlanPhase, PlanTopic, StudyPlan } from '#domain/study-plan'

/** A topic that is due for so many days. */
export const topic = (id: string, from: Day, days = 14, more: Partial<PlanTopic> = {}): PlanTopic => ({
  id,
  title: `专题${id}`,
  prompts: [],
  from,
  until: addDays(from, days - 1),
  ...more,
})

export const phase = (id: string, ...topics: PlanTopic[]): PlanPhase => ({ id, name: `阶段${id}`, topics })

/** Three topics in two phases, the first of them due in the week of the tests. */
export const plan2025 = (version = 0): StudyPlan => ({
  year: 2025,
  title: '二〇二五年学习计划',
  phases: [
    phase(
      'p1',
      topic('t1', '2025-03-10', 14, { material: '第一章', prompts: ['我的体会'] }),
      topic('t2', '2025-03-24'),
    ),
    phase('p2', topic('t3', '2025-04-07')),
  ],
  version,
})
