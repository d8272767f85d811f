import type { Appointment } from './authority'
import type { MembershipChange } from './commands/membership'
import type { Correction, CorrectionSubject } from './correction'
import type { FeedbackKind, Ticket } from './feedback'
import type { Missing, Stage } from './filing'
import type { MakeUp } from './make-up'
import type { MeetingKind } from './meeting'
import type { Membership } from './membership'
import type { TopicState } from './plan-progress'
import type { NotApplicable, Quota, QuotaState } from './quota'
import type { ReadingState } from './reading'
import type { NoteKind } from './reading-note'
import type { Amendment, HeldBecause, LeaveKind, RegisterLine } from './register'
import type { Origin } from './study-plan'
import type { MadeUp, Standing } from './tally'

/** The domain's own words, for screens and exports alike. */
export const standingWords: Record<Standing, string> = {
  'on-time': '到会',
  late: '迟到',
  excused: '请假',
  absent: '缺席',
  unrecorded: '未登记',
  held: '待定',
}

export const leaveKindWords: Record<LeaveKind, string> = {
  sick: '病假',
  personal: '事假',
  official: '公假',
  other: '其他',
}

export const heldBecauseWords: Record<HeldBecause, string> = {
  'arrived-late': '签到送达较晚，手机记录的时间需要核对',
  'recorded-otherwise': '本人签到与已有登记不一致',
  'leave-undecided': '请假还没有批',
}

export const makeUpWords: Record<MakeUp['state'], string> = {
  done: '待认可',
  accepted: '已补学',
  returned: '已退回',
}

export const madeUpWords: Record<MadeUp, string> = {
  'in-time': '已补学',
  late: '逾期补学',
}

export const sourceWords: Record<RegisterLine['source'], string> = {
  'on-site': '现场',
  'synced-late': '离线后同步',
  'entered-afterwards': '事后录入',
  imported: '导入',
}

export const topicStateWords: Record<TopicState, string> = {
  held: '已学',
  planned: '已安排',
  missing: '还没有安排',
  ahead: '未到时间',
}

export const originWords: Record<Origin, string> = {
  above: '上级下发',
  adapted: '支部调整过',
  own: '支部增加',
}

export const readingStateWords: Record<ReadingState, string> = {
  unread: '未读',
  reading: '在读',
  read: '已读',
  reflected: '已写心得',
}

export const noteKindWords: Record<NoteKind, string> = {
  note: '笔记',
  excerpt: '摘录',
  reflection: '心得',
}

export const amendmentWords: Record<Amendment['what'], string> = {
  line: '更改登记',
  leave: '处理请假',
  close: '关闭登记',
  reopen: '重新打开登记',
  study: '调整学习安排',
  'make-up': '处理补学',
  minutes: '更改会议记录',
}

/** How a standing looks, always beside its word: nothing in it blames. */
export const standingTone: Record<Standing, 'ok' | 'wait' | 'neutral'> = {
  'on-time': 'ok',
  late: 'wait',
  excused: 'neutral',
  absent: 'neutral',
  unrecorded: 'neutral',
  held: 'wait',
}

export const membershipWords: Record<Membership['membership'], string> = {
  full: '正式党员',
  probationary: '预备党员',
  activist: '入党积极分子',
}

export const membershipChangeWords: Record<MembershipChange['what'], string> = {
  admitted: '接收为预备党员',
  full: '转正',
  group: '党小组',
  exempt: '免考勤',
  'long-absence': '长期请假',
  'expected-again': '恢复考勤',
  left: '转出',
}

export const roleWords: Record<Appointment['role'], string> = {
  secretary: '支部书记',
  'committee-member': '支部委员',
  admin: '机关党委管理员',
  inspector: '督导（只读）',
}

export const meetingKindWords: Record<MeetingKind, string> = {
  'general-meeting': '支部党员大会',
  'committee-meeting': '支委会',
  'group-meeting': '党小组会',
  'party-class': '党课',
  'theme-day': '主题党日',
  'collective-study': '集中学习',
  'organizational-life-meeting': '组织生活会',
}

export const stageWords: Record<Stage, string> = {
  planned: '已安排',
  notified: '已通知',
  incomplete: '待补全',
  held: '待归档',
  filed: '已归档',
  cancelled: '已取消',
}

export const missingWords: Record<Missing, string> = {
  topic: '议题',
  place: '地点',
  host: '主持人',
  recorder: '记录人',
  agenda: '议程',
  register: '登记簿还没有关闭',
  content: '会议内容',
  'absence-reasons': '缺席原因',
  votes: '表决与登记簿不符，请核对',
}

export const quotaWords: Record<QuotaState['is'], string> = {
  met: '已完成',
  'not-yet-due': '未到期',
  missing: '缺',
  'not-applicable': '不适用',
}

export const everyWords: Record<Quota['every'], string> = { month: '每月', quarter: '每季度', year: '每年' }

export const quotaWordsOf = ({ every, times }: Quota): string =>
  times === 0 ? '不要求' : `${everyWords[every]} ${times} 次`

export const notApplicableWords: Record<NotApplicable, string> = {
  'no-committee': '正式党员不足七名，不设支委会',
  'no-groups': '没有划分党小组',
  'not-asked': '支部设置为不要求',
  'not-begun': '支部当时还没有启用',
}

export const feedbackKindWords: Record<FeedbackKind, string> = {
  complaint: '投诉',
  suggestion: '建议',
  question: '问题',
}

export const ticketStateWords: Record<Ticket['state'], string> = {
  sent: '已提交',
  'in-hand': '受理中',
  answered: '已答复',
}

export const correctionSubjectWords: Record<CorrectionSubject, string> = {
  name: '姓名',
  membership: '党员身份',
  joined: '加入支部的日期',
  line: '某次学习的登记',
  other: '其他',
}

export const correctionStateWords: Record<Correction['state'], string> = {
  asked: '等待处理',
  done: '已更正',
  declined: '未更正',
}
