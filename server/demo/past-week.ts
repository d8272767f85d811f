// 演示：过去某一周的学习，由当时的人一步步登记出来
import type { PersonId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import type { Random } from './random'
import type { Rehearsal } from './rehearsal'
import {
  areTickedOff,
  asksLeave,
  checksIn,
  closes,
  decidesLeave,
  isEntered,
  makesUp,
  type Scene,
  type Step,
} from './steps'

/** How one person usually comes. */
export interface Habit {
  readonly memberId: PersonId
  /** How likely they check in themselves rather than be ticked off. */
  readonly ownPhone: number
  /** 1 for most. */
  readonly absence: number
}

/** What became of one member's week. */
export type Course =
  | 'own'
  | 'own-late'
  | 'ticked-off'
  | 'ticked-off-late'
  | 'without-signal'
  | 'claim-accepted'
  | 'claim-waiting'
  | 'leave'
  | 'leave-told'
  | 'leave-declined'
  | 'entered-afterwards'
  | 'absent'
  /** Absent, and nothing was heard of them since: never by chance. */
  | 'unheard-of'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const courseOf = (random: Random, { ownPhone, absence }: Habit): Course =>
  random.weighted<Course>([
    ['own', 80 * ownPhone],
    ['ticked-off', 80 * (1 - ownPhone)],
    ['own-late', 4],
    ['ticked-off-late', 0.8],
    ['without-signal', 2.5],
    ['claim-accepted', 0.3],
    ['leave', 5.5],
    ['leave-told', 1],
    ['leave-declined', 0.1],
    ['entered-afterwards', 0.4],
    ['absent', 4 * absence],
  ])

/** Acts one week of a branch in the order things reached the server; nothing happens after `now`. */
export function actPastWeek(
  rehearsal: Rehearsal,
  scene: Scene & { readonly isLeaveAutoAccepted: boolean },
  courses: ReadonlyMap<PersonId, Course>,
  now: number,
): void {
  const { branchId, study, random } = scene
  rehearsal.write({ scope: branchScope(branchId), type: 'weekly-study', key: study.week, value: study })
  const isByItself = random.chance(0.7)
  const steps = [
    closes(
      scene,
      isByItself ? study.registerClosesAt : study.endsAt + random.int(5, 60) * minute,
      isByItself,
    ),
  ]
  const present = [...courses].flatMap(([memberId, course]) => (course === 'ticked-off' ? [memberId] : []))
  const { startsAt, endsAt } = study
  steps.push(...areTickedOff(scene, present, random.int(startsAt + 15 * minute, endsAt - minute)))
  for (const [memberId, course] of courses) steps.push(...stepsOf(scene, memberId, course))
  const missed = [...courses].filter(([, course]) => course.startsWith('leave') || course === 'absent')
  for (const [memberId] of missed) {
    if (!random.chance(0.6)) continue
    const at = study.closesAt + random.int(5 * hour, 9 * day)
    steps.push(...makesUp(scene, memberId, at, at + random.int(2 * hour, 3 * day)))
  }
  steps.sort((a, b) => a.at - b.at)
  for (const step of steps) if (step.at < now) step.run(rehearsal)
}

function stepsOf(
  scene: Scene & { readonly isLeaveAutoAccepted: boolean },
  memberId: PersonId,
  course: Course,
): Step[] {
  const { study, random } = scene
  const { opensAt, startsAt, onTimeUntil, graceEndsAt } = study
  const inTime = () => opensAt + random.int(1_000, onTimeUntil - opensAt - 5_000)
  const duringStudy = () => startsAt + random.int(5 * minute, 45 * minute)
  const afterGrace = () => graceEndsAt + random.int(hour, 30 * hour)
  const asked = startsAt - random.int(3 * hour, 40 * hour)
  const decided = asked + random.int(10 * minute, 2 * hour)

  switch (course) {
    case 'own':
      return [checksIn(scene, memberId, inTime())]
    case 'own-late':
      return [checksIn(scene, memberId, onTimeUntil + random.int(minute, 30 * minute))]
    case 'ticked-off':
      return [] // all of them in one go
    case 'ticked-off-late':
      return [isEntered(scene, memberId, duringStudy(), { standing: 'late' })]
    case 'without-signal':
      return [checksIn(scene, memberId, inTime(), onTimeUntil + random.int(20 * minute, 8 * hour))]
    case 'claim-waiting':
      return [checksIn(scene, memberId, inTime(), afterGrace())]
    case 'claim-accepted': {
      const received = afterGrace()
      return [
        checksIn(scene, memberId, inTime(), received),
        isEntered(scene, memberId, received + random.int(hour, 20 * hour), { standing: 'on-time' }),
      ]
    }
    case 'leave':
      if (scene.isLeaveAutoAccepted) return [asksLeave(scene, memberId, asked)]
      return [asksLeave(scene, memberId, asked), decidesLeave(scene, memberId, decided, { isAccepted: true })]
    case 'leave-told':
      return [isEntered(scene, memberId, duringStudy(), { standing: 'excused', leaveKind: 'personal' })]
    case 'leave-declined':
      if (scene.isLeaveAutoAccepted) return []
      return [
        asksLeave(scene, memberId, asked),
        decidesLeave(scene, memberId, decided, { isAccepted: false, reason: '时间可以错开，请尽量到会' }),
      ]
    case 'entered-afterwards':
      return [
        isEntered(scene, memberId, study.closesAt + random.int(hour, 130 * hour), {
          standing: 'on-time',
          reason: '当天到会，登记时漏记',
        }),
      ]
    case 'absent':
    case 'unheard-of':
      return []
  }
}
