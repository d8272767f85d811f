// 演示：本周学习今天开放，登记簿上已有一部分人
import { type Day, dayOf, instantOf } from '#domain/day'
import type { PersonId } from '#domain/ids'
import { type HeldOn, movedText } from '#domain/week-rule'
import type { OpenStudy } from '#domain/weekly-study'
import { cast, castBranch } from './cast'
import type { Rehearsal } from './rehearsal'
import { asksLeave, checksIn, decidesLeave, isEntered, type Scene, type Step } from './steps'

const minute = 60_000
const hour = 60 * minute

/** Begun twenty minutes ago, and open for the rest of the day; late in the evening for half a day
 *  more. On the day the rule would have chosen it also says why. */
export function timesAround(now: number, byRule: HeldOn) {
  const today: Day = dayOf(now)
  const ago = Math.floor((now - 20 * minute) / (5 * minute)) * 5 * minute
  const opensAt = Math.max(ago, instantOf(today, '00:00'))
  const onTimeUntil = Math.ceil((now + 2 * hour) / (5 * minute)) * 5 * minute
  const closesAt =
    now < instantOf(today, '21:00')
      ? Math.max(instantOf(today, '23:59'), onTimeUntil)
      : Math.ceil((now + 12 * hour) / (5 * minute)) * 5 * minute
  return {
    heldOn: today,
    moved: byRule.state === 'held' && byRule.day === today ? movedText(byRule) : undefined,
    opensAt,
    startsAt: opensAt + 15 * minute,
    endsAt: onTimeUntil,
    onTimeUntil,
    closesAt,
    registerClosesAt: closesAt,
    graceEndsAt: closesAt + 12 * hour,
  } satisfies Partial<OpenStudy>
}

/** Some have come and some have not. Nobody of the cast is recorded: they are for whoever tries the
 *  demo. */
export function actThisWeek(
  rehearsal: Rehearsal,
  scene: Scene,
  expected: readonly PersonId[],
  now: number,
): void {
  const others = expected.filter((id) => cast.every((each) => each.personId !== id))
  const people = scene.random.shuffled(others)
  const steps =
    scene.branchId === castBranch.id
      ? castBranchSteps(scene, people, now)
      : otherBranchSteps(scene, people, now)
  steps.sort((a, b) => a.at - b.at)
  for (const step of steps) step.run(rehearsal)
}

const momentIn = ({ study, random }: Scene, now: number) =>
  random.int(study.opensAt, Math.max(study.opensAt, now - 30_000))

const comes =
  (scene: Scene, now: number) =>
  (memberId: PersonId): Step => {
    const claimedAt = momentIn(scene, now)
    const receivedAt = Math.min(now, claimedAt + scene.random.int(150, 2_500))
    return checksIn(scene, memberId, claimedAt, receivedAt)
  }

const isTickedOff = (scene: Scene, now: number, standing: 'on-time' | 'late') => (memberId: PersonId) =>
  isEntered(scene, memberId, momentIn(scene, now), { standing })

/** Of 38 expected: 24 on time, 2 late, 2 on leave, one asking, and one who was told to be away and
 *  then checked in, which waits for the secretary. */
function castBranchSteps(scene: Scene, people: readonly PersonId[], now: number): Step[] {
  const { study, random } = scene
  const { opensAt, startsAt } = study
  const [contradicted, asking, ...rest] = people
  const eveningBefore = () => random.int(startsAt - 14 * hour, startsAt - 2 * hour)
  const steps = [
    ...rest.slice(0, 20).map(comes(scene, now)),
    ...rest.slice(20, 24).map(isTickedOff(scene, now, 'on-time')),
    ...rest.slice(24, 26).map(isTickedOff(scene, now, 'late')),
    ...rest.slice(26, 28).flatMap((memberId) => {
      const askedAt = eveningBefore()
      const decided = decidesLeave(scene, memberId, askedAt + 40 * minute, { isAccepted: true })
      return [asksLeave(scene, memberId, askedAt), decided]
    }),
  ]
  if (asking !== undefined) steps.push(asksLeave(scene, asking, eveningBefore()))
  if (contradicted !== undefined) {
    const told = { standing: 'excused', leaveKind: 'official' } as const
    const cameAt = Math.floor((opensAt + now) / 2)
    steps.push(isEntered(scene, contradicted, opensAt, told), checksIn(scene, contradicted, cameAt, cameAt))
  }
  return steps
}

function otherBranchSteps(scene: Scene, people: readonly PersonId[], now: number): Step[] {
  const { random, study } = scene
  const come = Math.round(people.length * (0.4 + random.next() * 0.5))
  const steps = people.slice(0, come).map(comes(scene, now))
  const asking = people[come]
  if (asking !== undefined && random.chance(0.4)) {
    steps.push(asksLeave(scene, asking, study.startsAt - random.int(2 * hour, 14 * hour)))
  }
  return steps
}
