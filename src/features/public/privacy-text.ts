/** 隐私保护说明: what people agree to. A change of what it says raises `consentVersion`. */

/** Days after which something is deleted by itself, as server/jobs/retention.ts has it. */
export const keptDays = {
  sessions: 30,
  unusedSessions: 210,
  invitations: 30,
  unboundWechat: 7,
  uploads: 1,
  wrongTries: 1,
  reminders: 30,
}

export interface Kept {
  readonly what: string
  readonly why: string
  readonly who: string
  readonly howLong: string
}

export const kept: readonly Kept[] = [
  {
    what: '姓名、编号、所在支部和起止日期',
    why: '确定应到名单',
    who: '姓名支部同志可见，其余由您本人、支部书记和支部委员可见；机关党委管理员在导入花名册时可见',
    howLong: '随支部名册保存',
  },
  {
    what: '学习登记：到会、迟到、请假或缺席，登记人、来源和时间',
    why: '支部的学习登记簿',
    who: '您本人、支部书记和支部委员可见；上级只看到没有姓名的合计',
    howLong: '随登记簿由支部依规保存',
  },
  {
    what: '会议记录里您的发言要点、缺席原因、主持或记录',
    why: '支部的会议记录',
    who: '主持人、记录人支部同志可见；其余由支部书记和支部委员可见；您导出自己的资料时也能看到',
    howLong: '随会议记录由支部依规保存',
  },
  {
    what: '请假的类别和说明',
    why: '由支部书记批假',
    who: '您本人和支部书记可见',
    howLong: '随登记簿保存，注销账号时删除',
  },
  {
    what: '补学的心得、退回的原因',
    why: '由支部书记认可补学',
    who: '您本人和支部书记可见；支部委员只看到是否补学',
    howLong: '随登记簿保存，注销账号时删除',
  },
  {
    what: '您在读书清单里读到哪一章、写的笔记、摘录和心得，以及每次修改',
    why: '您换一部手机也能接着读',
    who: '只有您本人可见',
    howLong: '注销账号时删除',
  },
  {
    what: '您两次没有来也没有请假、支部书记联系您以后，可能写下的一句话',
    why: '支部书记关心同志',
    who: '支部书记可见；您导出自己的资料时也能看到',
    howLong: '只保留最近一句，注销账号时删除',
  },
  {
    what: '更正申请、投诉建议和答复',
    why: '处理您提出的事',
    who: '更正由您本人和支部书记可见；投诉建议由您本人和机关党委管理员可见，不经过支部',
    howLong: '注销账号时删除',
  },
  {
    what: '登录和退出的时间；绑定微信时，微信给本小程序的用户编号',
    why: '确认是您本人在使用',
    who: '您可以导出登录时间；运行维护人员处理故障时可见',
    howLong: `退出后 ${keptDays.sessions} 天删除，${keptDays.unusedSessions} 天没有使用也会删除；微信绑定在注销账号时解除`,
  },
  {
    what: '您同意微信提醒的次数和时间，已经发出的提醒',
    why: '学习和会议开始前提醒您，同意一次提醒一次',
    who: '您可以导出；运行维护人员处理故障时可见',
    howLong: `用完后 ${keptDays.reminders} 天删除；撤回同意、注销账号时全部删除`,
  },
  {
    what: '设备的随机编号和最近一次联系的时间',
    why: '离线记录不丢失、不重复',
    who: '运行维护人员处理故障时可见',
    howLong: '随支部名册保存，看不出是哪一部手机',
  },
  {
    what: '书记、委员和管理员的操作：谁在什么时候改了什么',
    why: '登记可以核对',
    who: '更改登记的记录由支部书记和支部委员可见，其余由运行维护人员核对',
    howLong: '随登记簿由支部依规保存',
  },
  {
    what: '邀请码、输错邀请码时网络地址的摘要、没有完成绑定的微信编号、没有确认导入的花名册文件',
    why: '帮助您第一次登录，防止他人猜邀请码，建立支部名单',
    who: '邀请码和网络地址只保存摘要；花名册文件仅上传者可见',
    howLong: `邀请码到期后 ${keptDays.invitations} 天、网络地址的摘要 ${keptDays.wrongTries} 天、微信编号 ${keptDays.unboundWechat} 天、花名册文件 ${keptDays.uploads} 天后删除`,
  },
  {
    what: '您在本机记录、还没有送达的内容',
    why: '没有网络也能使用',
    who: '保存在您的手机上，能打开您手机的人可能看到',
    howLong: '记录后 14 天删除；没有被接受的，等您看过以后删除',
  },
]

export const notKept = '不收集手机号、身份证号、照片、位置和行踪，不统计在线时间，不用于排名和考核到个人。'

export const sensitive =
  '党员身份（正式党员、预备党员、入党积极分子）属于敏感个人信息，一旦泄露可能影响您的个人权益。我们只用它确定应到名单，由您本人、支部书记和支部委员可见，机关党委管理员在导入花名册时可见。处理它需要您单独同意。不同意不影响您参加学习，由支部在现场为您登记。'

export const rights: readonly { readonly title: string; readonly detail: string }[] = [
  { title: '查看', detail: '「首页」「记录」里是您自己的登记；「我的账号」里是账号的情况' },
  { title: '导出', detail: '「我的账号」里可以导出全部资料，是一个表格文件' },
  { title: '更正', detail: '「我的账号」里提出，由支部书记处理并答复' },
  { title: '撤回同意', detail: '随时可以撤回，会退出所有设备；撤回以前的登记仍由支部依规保存' },
  {
    title: '注销账号',
    detail: '提出后有 15 天冷静期，期间可以撤回；支部的登记簿和会议记录由支部依规保存，不随账号删除',
  },
]
