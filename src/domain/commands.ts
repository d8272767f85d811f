import type * as v from 'valibot'
import { type Authority, hasRole } from './authority'
import type { Command, Prepared } from './command'
import { noteCare } from './commands/care'
import { checkIn } from './commands/check-in'
import { closeRegister, reopenRegister } from './commands/close-register'
import { answerCorrection, askCorrection } from './commands/correction'
import { answerFeedback, sendFeedback } from './commands/feedback'
import { askLeave, decideLeave, withdrawLeave } from './commands/leave'
import { decideMakeUp, recordMakeUp } from './commands/make-up'
import {
  cancelJointMeeting,
  cancelMeeting,
  changeMeeting,
  joinMeeting,
  notifyMeeting,
  planJointMeeting,
  planMeeting,
} from './commands/meeting'
import { changeMembership } from './commands/membership'
import { fileMeeting, keepMinutes, recordVote } from './commands/minutes'
import { changeWeekRule, confirmCalendar, handDownTopic } from './commands/organization'
import { changeBranchSettings, overrideWeek, planWeeklyStudy } from './commands/plan-weekly-study'
import { handDownReadingList, keepReadingList, keepReadingPlace, writeReadingNote } from './commands/reading'
import { recordAttendance, recordRest } from './commands/record-attendance'
import { handDownPlan, keepBranchPlan, saveStudyPlan } from './commands/study-plan'
import { placeOf, type Scope } from './scopes'

/** Everything a person can do, by the name it travels under. */
export const commands = {
  'check-in': checkIn,
  'ask-leave': askLeave,
  'withdraw-leave': withdrawLeave,
  'decide-leave': decideLeave,
  'record-make-up': recordMakeUp,
  'decide-make-up': decideMakeUp,
  'note-care': noteCare,
  'record-attendance': recordAttendance,
  'record-rest': recordRest,
  'close-register': closeRegister,
  'reopen-register': reopenRegister,
  'plan-weekly-study': planWeeklyStudy,
  'override-week': overrideWeek,
  'change-branch-settings': changeBranchSettings,
  'hand-down-topic': handDownTopic,
  'save-study-plan': saveStudyPlan,
  'hand-down-plan': handDownPlan,
  'keep-branch-plan': keepBranchPlan,
  'keep-reading-list': keepReadingList,
  'hand-down-reading-list': handDownReadingList,
  'keep-reading-place': keepReadingPlace,
  'write-reading-note': writeReadingNote,
  'confirm-calendar': confirmCalendar,
  'change-week-rule': changeWeekRule,
  'change-membership': changeMembership,
  'plan-meeting': planMeeting,
  'change-meeting': changeMeeting,
  'notify-meeting': notifyMeeting,
  'cancel-meeting': cancelMeeting,
  'plan-joint-meeting': planJointMeeting,
  'cancel-joint-meeting': cancelJointMeeting,
  'join-meeting': joinMeeting,
  'keep-minutes': keepMinutes,
  'record-vote': recordVote,
  'file-meeting': fileMeeting,
  'ask-correction': askCorrection,
  'answer-correction': answerCorrection,
  'send-feedback': sendFeedback,
  'answer-feedback': answerFeedback,
} as const

export type CommandName = keyof typeof commands
export type ArgsOf<Name extends CommandName> = v.InferOutput<(typeof commands)[Name]['args']>

/** Stands in the queue for a command the phone can no longer read, so that the next can pass. */
export const voidCommand = 'void@1'

export const wireName = (name: CommandName) => `${name}@${commands[name].version}`

const names = new Set(Object.keys(commands))

/** The command behind `name@version`: this version and the two before are understood. */
function commandNamed(wire: string): Command | undefined {
  const [name = '', version = ''] = wire.split('@')
  if (!names.has(name)) return undefined
  const command: Command = commands[name as CommandName] // one of the names, as just checked
  const age = command.version - Number(version)
  return Number.isInteger(age) && age >= 0 && age <= 2 ? command : undefined
}

/** Parses a command and asks who may send it there; the phone and the server ask alike. */
export function prepare(
  wire: string,
  scope: Scope,
  args: unknown,
  actor: Authority,
): Prepared | 'unknown-command' | 'malformed' | 'not-allowed' {
  const command = commandNamed(wire)
  if (command === undefined) return 'unknown-command'
  const place = placeOf(scope)
  if (place === undefined || place.kind !== command.kind) return 'malformed'
  if (!hasRole(actor, command.roles, place)) return 'not-allowed'
  return command.prepare(place, args, actor.personId) ?? 'malformed'
}
