// 安排会议的表单：日期、时间、议程怎么写都行，读不懂就说哪里
import type * as v from 'valibot'
import type { planMeeting } from './commands/meeting'
import { clockOf, type Day } from './day'
import type { PersonId } from './ids'
import { isForEverybody, isStudy, type Meeting, type MeetingKind } from './meeting'
import { clockFrom, dayFrom, wantedClock, wantedDay } from './typed'

type Plan = Omit<v.InferOutput<(typeof planMeeting)['args']>, 'id'>

/** A meeting as somebody types it. */
export interface MeetingForm {
  /** The topic of the year's plan that was chosen; empty once other words are typed. */
  readonly planTopicId: string
  readonly kind: MeetingKind
  readonly topic: string
  readonly day: string
  readonly starts: string
  readonly ends: string
  readonly place: string
  readonly host: string
  readonly recorder: string
  /** One item a line. */
  readonly agenda: string
  readonly studyHours: string
  /** What else it counts as. */
  readonly alsoCountsAs: readonly MeetingKind[]
  /** Whom a meeting that is not for everybody is for. */
  readonly attends: readonly PersonId[]
  /** 党小组会: of which group; '' where nobody said. */
  readonly group: string
}

export type MeetingProblems = Readonly<Partial<Record<keyof MeetingForm, string>>>

/** Kinds that are often one with another: 一会多用. */
export const combinable: readonly MeetingKind[] = ['collective-study', 'party-class', 'theme-day']

export const emptyMeetingForm = (today: Day, place: string): MeetingForm => ({
  kind: 'theme-day',
  topic: '',
  day: today,
  starts: '14:30',
  ends: '16:00',
  place,
  host: '',
  recorder: '',
  agenda: '',
  studyHours: '1',
  alsoCountsAs: [],
  attends: [],
  group: '',
  planTopicId: '',
})

export const meetingFormFrom = (meeting: Meeting): MeetingForm => ({
  ...meeting,
  day: meeting.heldOn,
  starts: clockOf(meeting.startsAt),
  ends: clockOf(meeting.endsAt),
  agenda: meeting.agenda.join('\n'),
  studyHours: String(meeting.studyHours),
  attends: meeting.attends ?? [],
  group: meeting.group ?? '',
  planTopicId: meeting.planTopicId ?? '',
})

/** The plan these words make, or what is wrong with which. */
export function planFrom(
  form: MeetingForm,
  today: Day,
): { readonly plan: Plan } | { readonly problems: MeetingProblems } {
  const problems: Partial<Record<keyof MeetingForm, string>> = {}
  const heldOn = dayFrom(form.day, Number(today.slice(0, 4)))
  if (heldOn === undefined) problems.day = wantedDay
  const clock = (name: 'starts' | 'ends') => {
    const read = clockFrom(form[name])
    if (read === undefined) problems[name] = wantedClock
    return read ?? ''
  }
  const starts = clock('starts')
  const ends = clock('ends')
  if (!problems.starts && !problems.ends && ends <= starts) problems.ends = '结束应晚于开始'
  if (form.topic.trim() === '') problems.topic = '请填写议题或主题'
  const agenda = form.agenda
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (agenda.length > 20) problems.agenda = '最多 20 项，请合并'
  else if (agenda.some((line) => line.length > 120)) problems.agenda = '每项最多 120 个字，请分成几行'
  const hours = form.studyHours.trim()
  const isCredited = [form.kind, ...form.alsoCountsAs].some(isStudy)
  if (isCredited && !(/^\d{1,2}(\.\d)?$/.test(hours) && Number(hours) <= 24)) {
    problems.studyHours = '请填写 0 到 24 之间的数，可带一位小数'
  }
  const everybody = isForEverybody(form.kind)
  if (!everybody && form.attends.length === 0) problems.attends = '请选择参加的同志'
  if (heldOn === undefined || Object.keys(problems).length > 0) return { problems }
  return {
    plan: {
      kind: form.kind,
      alsoCountsAs: form.alsoCountsAs.filter((kind) => kind !== form.kind),
      topic: form.topic.trim(),
      heldOn,
      starts,
      ends,
      place: form.place.trim(),
      host: form.host.trim(),
      recorder: form.recorder.trim(),
      agenda,
      ...(everybody ? {} : { attends: [...form.attends] }),
      ...(isCredited && form.planTopicId !== '' && { planTopicId: form.planTopicId }),
      ...(form.kind === 'group-meeting' && form.group !== '' && { group: form.group }),
      studyHours: isCredited ? Number(hours) : 0,
    },
  }
}
