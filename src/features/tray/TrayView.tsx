import { clockOf, dayOf, formatDay } from '#domain/day'
import { refusalText } from '#domain/refusal'
import type { SentCommand } from '#protocol/sync'
import type { DeadLetter } from '#sync/outbox'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

/** What a command is called, for the person who gave it. */
const commandWords: Record<string, string> = {
  'check-in': '签到',
  'ask-leave': '请假',
  'withdraw-leave': '撤回请假',
  'decide-leave': '处理请假',
  'record-make-up': '补学',
  'decide-make-up': '处理补学',
  'note-care': '关心提醒',
  'record-attendance': '登记',
  'record-rest': '其余全部到会',
  'close-register': '关闭登记',
  'reopen-register': '重新打开登记',
  'plan-weekly-study': '安排学习',
  'override-week': '调整日期',
  'change-branch-settings': '更改支部设置',
  'hand-down-topic': '下发主题',
  'save-study-plan': '编制学习计划',
  'hand-down-plan': '下发学习计划',
  'keep-branch-plan': '调整学习计划',
  'confirm-calendar': '确认放假安排',
  'change-week-rule': '更改顺延规则',
  'change-membership': '更改名册',
  'plan-meeting': '安排会议',
  'change-meeting': '修改会议安排',
  'notify-meeting': '通知支部',
  'cancel-meeting': '取消会议',
  'plan-joint-meeting': '安排联合会议',
  'cancel-joint-meeting': '取消联合会议',
  'join-meeting': '参加联合会议',
  'keep-minutes': '会议记录',
  'record-vote': '记表决',
  'file-meeting': '归档',
  'ask-correction': '申请更正',
  'answer-correction': '答复更正申请',
  'send-feedback': '投诉建议',
  'answer-feedback': '处理投诉建议',
}

export interface TrayScreen {
  readonly waiting: readonly SentCommand[]
  readonly refused: readonly DeadLetter[]
  readonly isOffline: boolean
  readonly onSendNow: () => void
  readonly onDismiss: (id: number) => void
}

/** 未送达: what the server has not answered, and what it would not take, with the reason. */
export function TrayView({ waiting, refused, isOffline, onSendNow, onDismiss }: TrayScreen) {
  if (waiting.length === 0 && refused.length === 0) {
    return <Empty title="都已送达" detail="您在本机记录的内容，服务器都已收到" />
  }
  return (
    <>
      {refused.length > 0 && (
        <Card eyebrow="没有被接受">
          {refused.map((letter) => (
            <RefusedRow key={letter.command.id} letter={letter} onDismiss={onDismiss} />
          ))}
        </Card>
      )}
      {waiting.length > 0 && (
        <Card eyebrow="等待送达">
          {isOffline && <Notice tone="wait" text="当前没有网络。内容都保存在本机，联网后自动送达" />}
          {waiting.map((command) => (
            <Row key={command.id} title={wordsOf(command)} detail={whenOf(command)} />
          ))}
          <Button label="现在送达" kind="quiet" onPress={onSendNow} />
        </Card>
      )}
    </>
  )
}

function RefusedRow({ letter, onDismiss }: { letter: DeadLetter; onDismiss: (id: number) => void }) {
  const why =
    letter.refusal === undefined
      ? '服务器处理不了这条记录，内容已保存在服务器待查，请告诉支部书记'
      : refusalText[letter.refusal.code]
  return (
    <>
      <Row title={wordsOf(letter.command)} detail={whenOf(letter.command)} />
      <Notice tone="red" text={why} />
      <Button label="知道了" kind="quiet" onPress={() => onDismiss(letter.command.id)} />
    </>
  )
}

const wordsOf = ({ command }: SentCommand) => commandWords[command.split('@')[0] ?? ''] ?? '一条记录'
const whenOf = ({ claimedAt }: SentCommand) =>
  claimedAt === 0 ? '' : `${formatDay(dayOf(claimedAt))} ${clockOf(claimedAt)} 记录在本机`
