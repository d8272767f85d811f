import * as v from 'valibot'

/** Every way a rule, or the server's gate before it, can say no. */
export const refusalSchema = v.variant('code', [
  v.object({ code: v.literal('no-such-study') }),
  v.object({ code: v.literal('not-held') }),
  v.object({ code: v.literal('not-on-roster') }),
  v.object({ code: v.literal('not-open-yet'), opensAt: v.number() }),
  v.object({ code: v.literal('register-closed'), closedAt: v.number() }),
  v.object({ code: v.literal('too-late-for-leave'), startsAt: v.number() }),
  v.object({ code: v.literal('already-recorded') }),
  v.object({ code: v.literal('no-leave') }),
  v.object({ code: v.literal('nothing-to-make-up') }),
  v.object({ code: v.literal('already-decided') }),
  v.object({ code: v.literal('changed-meanwhile') }),
  v.object({ code: v.literal('reason-needed') }),
  v.object({ code: v.literal('secretary-decides') }),
  v.object({ code: v.literal('not-started'), startsAt: v.number() }),
  v.object({ code: v.literal('not-closed') }),
  v.object({ code: v.literal('already-closed') }),
  v.object({ code: v.literal('day-outside-week') }),
  v.object({ code: v.literal('study-has-records') }),
  v.object({ code: v.literal('times-out-of-order') }),
  v.object({ code: v.literal('no-such-meeting') }),
  v.object({ code: v.literal('meeting-cancelled') }),
  v.object({ code: v.literal('overlaps'), topic: v.string(), startsAt: v.number() }),
  v.object({ code: v.literal('other-year') }),
  v.object({ code: v.literal('no-votes-here') }),
  v.object({ code: v.literal('no-quorum'), missing: v.number() }),
  v.object({ code: v.literal('votes-do-not-add-up'), present: v.number() }),
  v.object({ code: v.literal('incomplete') }),
  v.object({ code: v.literal('already-filed') }),
  v.object({ code: v.literal('nothing-planned') }),
  v.object({ code: v.literal('no-such-branch') }),
  v.object({ code: v.literal('not-found') }),
  v.object({ code: v.literal('not-allowed') }),
  v.object({ code: v.literal('malformed') }),
  v.object({ code: v.literal('unknown-command') }),
  v.object({ code: v.literal('unreadable-on-device') }),
  v.object({ code: v.literal('known-to-newer-version') }),
])
export type Refusal = v.InferOutput<typeof refusalSchema>

/** What happened, and what the person can do next. */
export const refusalText = {
  'no-such-study': '没有找到这次学习，请返回首页刷新后再试',
  'not-held': '这一周不安排学习，无需登记',
  'not-on-roster': '不在本次应到名单中，请联系支部书记',
  'not-open-yet': '签到尚未开始，请在开始后再签到',
  'register-closed': '本次签到已截止。如您到会了，请告诉支部书记补记',
  'too-late-for-leave': '已经开始，不能再请假，请直接告诉支部书记',
  'already-recorded': '本次已经有登记，无需再请假。如与实际不符，请告诉支部书记',
  'no-leave': '没有找到这条请假，请刷新后再看',
  'nothing-to-make-up': '这次学习现在不需要补学，请刷新后查看登记',
  'already-decided': '这条已经处理过了，请刷新后查看',
  'changed-meanwhile': '这一条刚被别人改过，请查看最新内容后再决定',
  'reason-needed': '请写明更改原因',
  'secretary-decides': '待定的记录由支部书记决定',
  'not-started': '还没有开始，请在开始后再登记或关闭',
  'not-closed': '登记还没有关闭，无需重新打开',
  'already-closed': '登记已经关闭。要改某一位，请打开那一条并写明原因；要整体再登记，请由支部书记重新打开',
  'day-outside-week': '所选日期不在这一周内，请选择本周的日期',
  'study-has-records': '这次学习已有登记，不能再改日期',
  'times-out-of-order': '时间先后不对，请检查开始、截止和关闭时间',
  'no-such-meeting': '没有找到这次会议，请返回刷新后再试',
  'meeting-cancelled': '这次会议已经取消，不能再登记',
  overlaps: '与支部已安排的活动时间重叠，请换一个时间',
  'other-year': '不能改到另一年。请取消这一次，在那一年重新安排',
  'no-votes-here': '这类会议不表决，请在支部党员大会或支委会上进行',
  'no-quorum': '有表决权的到会人数没有超过半数，不能表决。请先核对登记簿',
  'votes-do-not-add-up': '票数之和超过了有表决权的到会人数，请核对后再记',
  incomplete: '还缺必填的内容，请补全后再归档',
  'already-filed': '已经归档，安排和登记簿不再重新打开。要改某一位，请打开那一条并写明原因',
  'nothing-planned': '计划里还没有专题，请先增加专题再下发',
  'no-such-branch': '没有找到这个支部，请刷新后再试',
  'not-found': '没有找到这一条，请刷新后再试',
  'not-allowed': '您没有这项权限，请联系支部书记',
  malformed: '内容格式不对，没有保存。请更新小程序后再试',
  'unknown-command': '服务器不认识这项操作，请更新小程序后再试',
  'unreadable-on-device': '手机上的这条记录已损坏，无法读取，请重新登记',
  'known-to-newer-version': '没有被接受，这个版本显示不了原因。请更新小程序，或联系支部书记',
} satisfies Record<Refusal['code'], string>

/** Why something was not recorded on this phone. */
export type Problem = Refusal | 'not-saved' | 'storage'

export const problemText = (problem: Problem): string =>
  problem === 'not-saved'
    ? '未保存：手机存储空间已满，请清理后再试'
    : problem === 'storage'
      ? '未保存：手机存储出错，请再试一次'
      : refusalText[problem.code]
