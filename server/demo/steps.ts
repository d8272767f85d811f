import { lineKey } from '#domain/attendance'
import { happeningAt } from '#domain/evidence'
import type { BranchId, PersonId } from '#domain/ids'
import type { LeaveKind } from '#domain/register'
import { reviewScope } from '#domain/scopes'
import { opensMakeUp } from '#domain/tally'
import type { OpenStudy } from '#domain/weekly-study'
import type { Random } from './random'
import { type ArgsOf, actorIn, type Rehearsal } from './rehearsal'

/** One branch in one week, and who keeps its register. */
export interface Scene {
  readonly branchId: BranchId
  readonly study: OpenStudy
  /** Undefined where only the members themselves act. */
  readonly secretary: PersonId | undefined
  /** The secretary and the committee. */
  readonly keepers: readonly PersonId[]
  readonly random: Random
}

/** Something somebody does, at the moment it reaches the server. */
export interface Step {
  readonly at: number
  run(rehearsal: Rehearsal): void
}

const second = 1_000
const hour = 3_600_000

const leaveNotes: readonly (readonly [readonly [LeaveKind, readonly string[]], number])[] = [
  [['sick', ['感冒发热，在家休息', '预约了复诊', '牙科治疗', '']], 3],
  [['personal', ['孩子学校有事', '陪父母就医', '家中有急事需要处理', '']], 3],
  [['official', ['外出开会', '到区县调研', '参加学术会议', '值班', '出差']], 4],
  [['other', ['路上车辆故障', '']], 0.5],
]

/** Their own check-in. Without signal it reaches us at another time than it happened. */
export function checksIn(
  { branchId, study, random }: Scene,
  memberId: PersonId,
  claimedAt: number,
  receivedAt = claimedAt + random.int(150, 2_500),
): Step {
  const isOnline = receivedAt - claimedAt < 10 * second
  const earliest = claimedAt - (isOnline ? random.int(2, 90) * second : random.int(2, 20) * hour)
  return {
    at: receivedAt,
    run: (rehearsal) =>
      rehearsal.act({
        branchId,
        command: 'check-in',
        args: study, // its week is all a check-in says; one object is parsed once
        actor: actorIn(branchId, memberId),
        evidence: { earliest, claimedAt, receivedAt },
      }),
  }
}

type Entry = Pick<ArgsOf<'record-attendance'>, 'standing' | 'leaveKind' | 'reason'>

/** Entered by the secretary or somebody of the committee. */
export function isEntered(scene: Scene, memberId: PersonId, at: number, entry: Entry): Step {
  const { branchId, study, random, secretary, keepers } = scene
  const keeper = entry.reason === undefined && keepers.length > 0 ? random.pick(keepers) : secretary
  return {
    at,
    run: (rehearsal) => {
      if (keeper === undefined) throw new Error('nobody keeps this register')
      const key = lineKey(study.week, memberId)
      const line = rehearsal.get(reviewScope(branchId), 'register-line', key)
      // What waits is for the secretary alone.
      const by = line?.standing === 'held' && secretary !== undefined ? secretary : keeper
      rehearsal.act({
        branchId,
        command: 'record-attendance',
        args: { week: study.week, memberId, version: line?.version ?? 0, ...entry },
        actor: actorIn(branchId, by, by === secretary ? 'secretary' : 'committee-member'),
        evidence: happeningAt(at),
      })
    },
  }
}

/** 其余全部到会: at the end somebody who keeps the register ticks off those who sit there. */
export function areTickedOff(scene: Scene, memberIds: readonly PersonId[], at: number): Step[] {
  const { branchId, study, random, secretary, keepers } = scene
  const keeper = keepers.length > 0 ? random.pick(keepers) : secretary
  if (memberIds.length === 0 || keeper === undefined) return []
  const run = (rehearsal: Rehearsal) =>
    rehearsal.act({
      branchId,
      command: 'record-rest',
      args: { week: study.week, memberIds: [...memberIds] },
      actor: actorIn(branchId, keeper, keeper === secretary ? 'secretary' : 'committee-member'),
      evidence: happeningAt(at),
    })
  return [{ at, run }]
}

export function asksLeave({ branchId, study, random }: Scene, memberId: PersonId, at: number): Step {
  const [kind, notes] = random.weighted(leaveNotes)
  const note = random.pick(notes)
  return {
    at,
    run: (rehearsal) =>
      rehearsal.act({
        branchId,
        command: 'ask-leave',
        args: { week: study.week, kind, note },
        actor: actorIn(branchId, memberId),
        evidence: happeningAt(at),
      }),
  }
}

export function decidesLeave(
  { branchId, study, secretary }: Scene,
  memberId: PersonId,
  at: number,
  decision: { readonly isAccepted: boolean; readonly reason?: string },
): Step {
  return {
    at,
    run: (rehearsal) => {
      if (secretary === undefined) throw new Error('nobody decides here')
      rehearsal.act({
        branchId,
        command: 'decide-leave',
        args: { week: study.week, memberId, version: 1, ...decision },
        actor: actorIn(branchId, secretary, 'secretary'),
        evidence: happeningAt(at),
      })
    },
  }
}

const reflections = [
  '补看了材料，联系自己的工作，觉得抓落实要从小事做起',
  '读完很受触动，准备在科普活动里讲给更多人听',
  '和同办公室的同志一起讨论了这个主题，收获不少',
  '前辈们在那样的条件下坚持下来，我们没有理由懈怠',
  '补学后把要点记在了笔记里',
] as const

/** 补学 by those who were not there after all, and the secretary's word where there is time for it. */
export function makesUp(scene: Scene, memberId: PersonId, at: number, decidedAt: number): Step[] {
  const { branchId, study, random, secretary } = scene
  const reflection = random.pick(reflections)
  const isMissed = (rehearsal: Rehearsal) => {
    const line = rehearsal.get(reviewScope(branchId), 'register-line', lineKey(study.week, memberId))
    return line !== undefined && opensMakeUp(line.standing)
  }
  const does: Step = {
    at,
    run: (rehearsal) => {
      if (!isMissed(rehearsal)) return
      rehearsal.act({
        branchId,
        command: 'record-make-up',
        args: { week: study.week, reflection },
        actor: actorIn(branchId, memberId),
        evidence: happeningAt(at),
      })
    },
  }
  const decides: Step = {
    at: decidedAt,
    run: (rehearsal) => {
      if (!isMissed(rehearsal) || secretary === undefined) return
      rehearsal.act({
        branchId,
        command: 'decide-make-up',
        args: { week: study.week, memberId, isAccepted: true, version: 1 },
        actor: actorIn(branchId, secretary, 'secretary'),
        evidence: happeningAt(decidedAt),
      })
    },
  }
  return [does, decides]
}

/** Closed by the secretary, or by nobody when its time has come. */
export function closes({ branchId, study, secretary }: Scene, at: number, isByItself: boolean): Step {
  return {
    at,
    run: (rehearsal) =>
      rehearsal.act({
        branchId,
        command: 'close-register',
        args: { week: study.week, version: study.version },
        actor: isByItself || secretary === undefined ? undefined : actorIn(branchId, secretary, 'secretary'),
        evidence: happeningAt(at),
      }),
  }
}
