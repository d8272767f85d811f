import { addDays, type Day } from '#domain/day'
import { phasesOf, type StudyPlan, topicOn } from '#domain/study-plan'

/** Invented, as the topics of the weeks are: three phases of three topics, one for each month. */
const phases = [
  {
    name: '第一阶段 学史明理',
    titles: ['开天辟地：从党的诞生学初心', '艰苦奋斗：延安时期的科学家', '独立自主：向科学进军'],
  },
  {
    name: '第二阶段 学史增信',
    titles: ['改革开放：科学的春天', '自主创新：大国重器从哪里来', '强国建设：科技自立自强'],
  },
  {
    name: '第三阶段 学史力行',
    titles: ['科学家精神：岗位上的坚守', '科普惠民：把科学送到身边', '总结交流：学了什么、做了什么'],
  },
]
const firstMonth = 3

export function demoPlan(year: number): StudyPlan {
  const monthOf = (index: number): Day => `${year}-${String(firstMonth + index).padStart(2, '0')}-01`
  return {
    year,
    title: `${year} 年党史学习教育计划`,
    version: 1,
    phases: phases.map(({ name, titles }, phase) => ({
      id: `p${phase + 1}`,
      name,
      topics: titles.map((title, at) => {
        const month = phase * titles.length + at
        return {
          id: `t${month + 1}`,
          title,
          material: '支部自选材料，并结合《中国共产党简史》有关章节',
          prompts: ['对照岗位谈一点体会', '下一步打算做的一件事'],
          from: monthOf(month),
          until: addDays(monthOf(month + 1), -1),
        }
      }),
    })),
  }
}

const ofYear = new Map<number, ReturnType<typeof phasesOf>>()

/** The topic of the plan that a day of the past was about. */
export function demoPlanTopicOn(day: Day): string | undefined {
  const year = Number(day.slice(0, 4))
  const known = ofYear.get(year) ?? phasesOf(demoPlan(year), undefined)
  ofYear.set(year, known)
  return topicOn(known, day)?.id
}
