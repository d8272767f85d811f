// 接龙里常见的说法，以及把一行切成姓名、说法、单位、数字和标点
import type { LeaveKind } from '../register'
import { type FoundName, isNameLike, type RosterNames } from './names'
import { isDigit, isHan, isLatin } from './text'

/** What a word says.
 *  - `reason`: why somebody might stay away, which alone asks for no leave; `family`: about others
 *  - `not-coming`: will not come, with or without leave
 *  - `acknowledged`: has read it, wherever they are
 *  - `doubt`: whatever stands beside it is not certain; `question`, `talk`: a message, not a line of a list
 *  - `field`: what a heading names people for, as in 「领学人：」
 *  - `matter`: what a heading tells, as in 「地点：」
 *  - `part`: a while, for which leave is no leave of the whole
 *  - `for`: 代, 替; `signed-by`: 代签; `by`: 由 */
export type Saying =
  | 'present'
  | 'acknowledged'
  | 'late'
  | 'excused'
  | 'absent'
  | 'not-coming'
  | 'reason'
  | 'family'
  | 'doubt'
  | 'question'
  | 'talk'
  | 'none'
  | 'neutral'
  | 'listed'
  | 'title'
  | 'field'
  | 'matter'
  | 'part'
  | 'for'
  | 'signed-by'
  | 'by'
  | 'other'

export interface Word {
  readonly says: Saying
  readonly leaveKind?: LeaveKind
}

type Row = readonly [Saying, string, LeaveKind?]

const rows: readonly Row[] = [
  [
    'present',
    '到会 到 已到 已到会 到了 已到了 到达 已到达 到场 已到场 参会 能参会 参加 能参加 可以参加 可参加 确认参加 按时参加 准时参加 ' +
      '按时到会 准时到会 准时到 按时到 准时到场 准时参会 按时参会 准时 按时 出席 参学 报名 签到 已签到 签到成功 已签 打卡 已打卡 已参加 ' +
      '确认到会 能到会 已报名 实到 实到会 参加学习 到会学习 线上参加 线下参加 现场参加 参与 接龙 已接龙 报到 能来 能到 会来 会到 ' +
      '本人到 本人参加 本人签到 线上 线下 线上学习 ok yes √',
  ],
  ['acknowledged', '收到 已收到 已阅 知悉 已知悉 知道了 明白 谢谢 辛苦了 好的'],
  [
    'late',
    '迟到 晚到 晚点到 晚些到 稍晚到 晚一会到 晚一会儿到 晚一点到 会晚到 会迟到 迟到了 晚到了 稍后到 晚到会 迟到会 晚来 晚点来 要迟到 要晚到',
  ],
  [
    'excused',
    '请假 已请假 请假了 已请假了 告假 年假 年休假 休年假 休假 公休 婚假 产假 休产假 陪产假 丧假 探亲假 育儿假 护理假 调休 轮休 请长假',
    'other',
  ],
  ['excused', '病假 请病假 因病请假 病休', 'sick'],
  ['excused', '事假 请事假 因事请假 因私请假', 'personal'],
  [
    'excused',
    '公假 请公假 因公请假 出差 因公出差 在出差 出差中 出差了 外地出差 出差在外 公差 公出 因公外出 值班 值守 在值班 值班中',
    'official',
  ],
  [
    'absent',
    '缺席 未到 未到会 未到场 未参加 未出席 未参会 未参学 没来 没到 没到会 没参加 缺勤 缺会 旷会 无故缺席',
  ],
  [
    'not-coming',
    '不能参加 不能到 不能来 不能到会 不能到场 不能参会 不能出席 无法参加 无法到会 无法到场 无法参会 无法出席 来不了 来不了了 去不了 去不了了 ' +
      '到不了 到不了了 参加不了 参加不了了 不来 不来了 不参加 不参加了 不去 不去了 不到 不到会 不参会 不出席 未能参加 未能到会 未能到场',
  ],
  ['reason', '生病 因病 住院 发烧 发热 感冒 就医 看病 身体不适 身体不舒服 不舒服 手术', 'sick'],
  ['reason', '家中有事 家里有事 家有事 有事 私事 因事 因私 家事 个人原因', 'personal'],
  ['reason', '因公 公务 开会 外出开会 培训 外出培训 驻村 下乡 调研 外出调研', 'official'],
  ['family', '孩子 小孩 老人 父母 父亲 母亲 爸爸 妈妈 家属 家人 爱人 儿子 女儿 公公 婆婆 岳父 岳母'],
  [
    'doubt',
    '不 没 未 别 勿 非 没有 可能 也许 或许 大概 应该 应到 应到会 应参加 应接龙 应签到 是否 能否 可否 如果 如 若 待定 不确定 不一定 ' +
      '看情况 视情况 争取 尽量 还没 想 拟 申请 打算 准备 需要 希望 尚未 未定 上次 昨天 昨日 前天 上周 之前 下周 下次 明天 明日 明早 明晚 下午 ' +
      '取消 撤销 作废 删除 改 退出 未接龙 没接龙 未签到 没签到 未报名 未打卡 未请假 没请假 没有请假 不请假 未迟到 没迟到 不迟到 不是 ' +
      '代表 代理 代会 代为参加 代替参加 代参加 代参会 代开会 代出席 代听 代替 代讲 无故 未收到 还差 尚缺 待 未批 未批准 × 缺 差 除 除了 除外 其余 其他 回来 刚回 已回 返回 赶回 结束 销假',
  ],
  ['question', '? 吗 么 呢 没有吗 了吗'],
  [
    'talk',
    '请 大家 各位 尽快 抓紧 务必 注意 通知 所有人 提醒 麻烦 辛苦 转发 撤回 邀请 拍了拍 加入 群聊 你 您 他 她 我们 你们 咱们 他们 ' +
      '为什么 怎么 什么 谁 说 告诉 联系 让 记得 不要 及时 以下同志请',
  ],
  ['none', '无 暂无 没有人 无人 无异常'],
  [
    'neutral',
    '的 了 啦 呀 啊 哦 哈 哈哈 哈哈哈 嗯 今天 今日 今早 今晨 本周 本次 上午 早上 为 有 共 共计 合计 计 分别 及 以及 qaq orz xd emm haha tt',
  ],
  [
    'listed',
    '人员 名单 人数 同志 同志们 情况 以下 如下 姓名 名字 单位 部门 党员 党员同志 因 本人 我是 我 其中',
  ],
  [
    'title',
    '书记 副书记 支部书记 支部副书记 党支部书记 主任 副主任 委员 支委 组织委员 宣传委员 纪检委员 青年委员 学习委员 部长 副部长 处长 副处长 科长 副科长 ' +
      '老师 教授 副教授 主席 副主席 秘书长 副秘书长 会长 副会长 理事长 局长 副局长 所长 副所长 院长 副院长 馆长 副馆长 组长 小组长 党小组长 站长 ' +
      '主编 工程师 高工 先生 女士 师傅 博士 预备党员 正式党员 积极分子 入党积极分子',
  ],
  [
    'field',
    '领学人 领学 主持人 主持 主讲人 主讲 记录人 记录 发起人 组织者 召集人 联系人 发言人 交流发言 发言 带读 负责人 通知人 授课人 带队',
  ],
  ['matter', '地点 时间 主题 内容 议程'],
  ['part', '半小时 小时 分钟 半个小时 个小时 一会 一会儿 会儿 早退 提前走 先走'],
  ['for', '代 替 帮'],
  [
    'signed-by',
    '代签 代签到 代接龙 代接 代报 代报名 代打卡 代填 代录 代为签到 代为接龙 已代签 代签名 替签 替签到 帮签 帮签到',
  ],
  ['by', '由 代签人 代报人 代接龙人'],
  [
    'other',
    '现代 时代 年代 当代 近代 世代 古代 代码 帮忙 帮扶 帮助 替班 马上 方便 高兴 安排 关于 于是 平安 方案 路上 文件 程序 成功 周一 周二 周三 周四 周五 周六 ' +
      '周日 周例会 周会 周学习 常规 常委 易错 安全 强调 全体 全部 全员 方式 会议室 教室 费用 高度 单独 温馨 向上 时候 平时 班子 连续 习惯 商量 包括 ' +
      '留言 节目 明确 明天见 金额 水平 石头 车上 乐学 查看 全天 巩固 习题 边学',
  ],
]

const words = new Map<string, Word>()
for (const [says, list, leaveKind] of rows) {
  for (const word of list.split(' '))
    words.set(word, leaveKind === undefined ? { says } : { says, leaveKind })
}

/** How long a word can be that begins with this. */
const longestFrom = new Map<string, number>()
for (const word of words.keys()) {
  longestFrom.set(word.charAt(0), Math.max(word.length, longestFrom.get(word.charAt(0)) ?? 0))
}

/** Said by itself only: as the end of a longer word each may be part of a name. */
const saidAlone = new Map<string, Word>(
  ['来', '在', '去', '好', '是', '参'].map((word) => [word, { says: 'present' }]),
)

export type Token =
  | ({ readonly is: 'name'; readonly people: FoundName['people']; readonly isWithoutLabel: boolean } & Place)
  | ({ readonly is: 'word'; readonly word: Word } & Place)
  /** `mark`: one sign of punctuation; `gap`: a space. */
  | ({ readonly is: OtherToken } & Place)

type OtherToken =
  | 'unknown'
  | 'unit'
  | 'digits'
  | 'number'
  | 'count'
  | 'date'
  | 'clock'
  | 'mark'
  | 'gap'
  | 'open'
  | 'close'

interface Place {
  readonly from: number
  to: number
  readonly text: string
}

/** Cuts a stretch of a folded line into what is known and what is not; each place is looked at a bounded
 *  number of times. */
export function tokensOf(folded: string, from: number, to: number, names: RosterNames): Token[] {
  const tokens: Token[] = []
  for (let index = from; index < to; ) {
    const token = tokenAt(folded, index, to, names, tokens[tokens.length - 1])
    const last = tokens[tokens.length - 1]
    // What is not known goes on until something is; its text is taken at the end.
    if (token.is === 'unknown' && last?.is === 'unknown' && last.to === token.from) last.to = token.to
    else tokens.push(token)
    index = token.to
  }
  return tokens.map((token): Token => {
    if (token.is !== 'unknown') return token
    const text = folded.slice(token.from, token.to)
    return { ...token, text, is: isUnit(text) ? 'unit' : 'unknown' }
  })
}

function tokenAt(
  folded: string,
  from: number,
  end: number,
  names: RosterNames,
  last: Token | undefined,
): Token {
  const made = (is: OtherToken, to: number): Token => ({ is, from, to, text: folded.slice(from, to) })
  const character = folded.charAt(from)
  if (character === ' ') return made('gap', from + 1)

  const name = nameToken(folded, from, end, names)
  if (isDigit(character)) return name ?? numberAt(folded, from, end, last)
  if (isLatin(character)) {
    let to = from + 1
    while (to < end && isLatin(folded[to])) to += 1
    return name ?? wordToken(folded, from, to) ?? made('unknown', to)
  }
  if (character === '(') return made('open', from + 1)
  if (character === ')') return made('close', from + 1)
  if (character === '+' && folded[from + 1] === '1' && !isDigit(folded[from + 2]))
    return { is: 'word', word: { says: 'present' }, from, to: from + 2, text: '+1' }

  const word = longestWord(folded, from, end)
  if (name !== undefined && (word === undefined || name.to >= word.to)) return name
  if (word !== undefined && (word.to - from > 1 || !isHan(character))) return word
  if (!isHan(character)) return made(character === '《' ? 'unknown' : 'mark', from + 1)
  const isFirst = last === undefined || last.is !== 'unknown' || last.to !== from
  const nameLike = isFirst ? unknownNameAt(folded, from, end) : undefined
  if (nameLike !== undefined && last?.is !== 'name') return made('unknown', nameLike)
  return word ?? wordAlone(folded, from, end) ?? made('unknown', from + 1)
}

/** The longest name wins, unless the shorter one goes on with a word: 「张伟明天请假」 may be of either. */
function nameToken(folded: string, from: number, end: number, names: RosterNames): Token | undefined {
  const found = names.at(folded, from)
  if (found === undefined || found.to > end) return undefined
  const { to, isWithoutLabel, shorter } = found
  const isEither = shorter !== undefined && (longestWord(folded, shorter.to, end)?.to ?? 0) > to
  const people = isEither ? [...new Set([...found.people, ...shorter.people])] : found.people
  return { is: 'name', people, isWithoutLabel, from, to, text: folded.slice(from, to) }
}

function wordToken(folded: string, from: number, to: number): Token | undefined {
  const text = folded.slice(from, to)
  const word = words.get(text)
  return word && { is: 'word', word, from, to, text }
}

function longestWord(folded: string, from: number, end: number): Token | undefined {
  for (let to = Math.min(end, from + (longestFrom.get(folded.charAt(from)) ?? 0)); to > from; to -= 1) {
    const token = wordToken(folded, from, to)
    if (token !== undefined) return token
  }
  return undefined
}

function wordAlone(folded: string, from: number, end: number): Token | undefined {
  const text = folded.charAt(from)
  const word = saidAlone.get(text)
  const isAlone = (at: number) => at < 0 || at >= end || !(isHan(folded[at]) || isLatin(folded[at]))
  if (word === undefined || !isAlone(from - 1) || !isAlone(from + 1)) return undefined
  return { is: 'word', word, from, to: from + 1, text }
}

/** Somebody who is not on the roster keeps the whole of their name, though 「想」 in 李想 is a word too. */
function unknownNameAt(folded: string, from: number, end: number): number | undefined {
  let to = from
  while (to < end && to - from < 5 && isHan(folded[to])) {
    const word = to === from ? undefined : longestWord(folded, to, end)
    if (word !== undefined && (word.to - to > 1 || /[代替到由]/.test(word.text))) break
    to += 1
  }
  return isNameLike(folded.slice(from, to)) ? to : undefined
}

const numbers: readonly (readonly [OtherToken, RegExp])[] = [
  ['date', /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]?/y],
  ['clock', /\d{1,2}:\d{2}(:\d{2})?|\d{1,2}[点时](半|\d{1,2}分?)?/y],
  ['digits', /1\d{2}[ -]?\d{4}[ -]?\d{4}(?!\d)|\d{5,}/y],
  ['date', /\d{1,2}[-/.]\d{1,2}(?![-\d/.])/y],
  ['count', /\d{1,4} ?[人名位]/y],
]

function numberAt(folded: string, from: number, end: number, last: Token | undefined): Token {
  for (const [is, pattern] of numbers) {
    pattern.lastIndex = from
    const to = pattern.test(folded) ? pattern.lastIndex : 0
    if (to > from && to <= end) return { is, from, to, text: folded.slice(from, to) }
  }
  let to = from
  while (to < end && isDigit(folded[to])) to += 1
  // 「2支部」 is a name of something, and so is the rest of 「第3党小组」.
  const isPart = isHan(folded[to]) && !(last?.is === 'name' && last.to === from)
  if (!isPart && folded.slice(from, to) === '1' && last?.is !== 'name' && last?.is !== 'unknown')
    return { is: 'word', word: { says: 'acknowledged' }, from, to, text: '1' }
  return { is: isPart ? 'unknown' : 'number', from, to, text: folded.slice(from, to) }
}

const unitEnding =
  /(支部|党总支|总支|党委|纪委|团委|机关|党小组|小组|中心|学会|协会|研究会|工会|妇联|联合会|办公室|编辑室|研究室|教研室|实验室|科室|[^全内外局]部|[^到]处|[^内外儿牙眼骨妇产皮]科|[^小]组|局|办|[^厕诊]所|科技馆|博物馆|图书馆|档案馆|(服务|工作|监测)站|司|[^餐客大]厅|集团|大学)$/
/** Words of going and doing: 「去医院」, 「在所里」 is no unit. */
const isGoing = /[去在到回赴往送接从离请让带给跑找等跟被借住看陪参听讲做写开交领修急刚医派检康诊月护殡拘戒]/

const isUnit = (text: string): boolean =>
  text.length >= 2 && text.length <= 16 && unitEnding.test(text) && !isGoing.test(text)
