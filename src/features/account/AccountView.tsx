import { dayOf, formatDay } from '#domain/day'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Field } from '#ui/Field'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

/** What must be typed before an account is given up. */
export const cancelWord = '注销'

export type Facts =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly message: string; readonly onAgain: () => void }
  | {
      readonly state: 'ready'
      readonly isWechatBound: boolean
      readonly devices: number
      /** The agreement that holds, with the day it was given. */
      readonly consent: { readonly version: string; readonly givenAt: number } | undefined
      /** When the account ends, if that was asked. */
      readonly endsAt: number | undefined
    }

export interface AccountScreen {
  readonly facts: Facts
  readonly problem: string | undefined
  readonly busyWith: 'export' | 'withdraw' | 'cancel' | undefined
  /** Commands that have not reached the server. */
  readonly waiting: number
  readonly sheet: 'withdraw' | 'cancel' | undefined
  readonly typed: string
  readonly onPrivacy: () => void
  readonly onExport: () => void
  readonly onSheet: (sheet: AccountScreen['sheet']) => void
  readonly onType: (typed: string) => void
  readonly onWithdraw: () => void
  readonly onCancelAccount: () => void
  readonly onKeepAccount: () => void
}

/** 我的账号: what is kept of it, and what one may do with it. All of it needs the server. */
export function AccountView(screen: AccountScreen) {
  const { facts, problem } = screen
  if (facts.state === 'asking') return <Loading label="正在取您的账号…" />
  if (facts.state === 'failed')
    return <Notice tone="wait" text={facts.message} action={{ label: '再试一次', onPress: facts.onAgain }} />
  const { consent } = facts
  return (
    <>
      <Card eyebrow="账号">
        <Row title="微信" aside={facts.isWechatBound ? '已绑定' : '未绑定'} />
        <Row title="已登录的设备" aside={`${facts.devices} 台`} />
        <Row
          title="隐私保护说明"
          detail={
            consent === undefined
              ? '没有同意的记录'
              : `${consent.version} 版，${formatDay(dayOf(consent.givenAt))}同意`
          }
          onPress={screen.onPrivacy}
        />
      </Card>
      {problem !== undefined && <Notice tone="red" text={problem} />}
      <Card eyebrow="我的资料">
        <Button
          label="导出我的资料"
          busy={screen.busyWith === 'export'}
          onPress={screen.onExport}
          hint="一个表格文件，包含您的资料、登记、请假、申请和登录记录"
        />
        <Button
          label="撤回同意"
          onPress={() => screen.onSheet('withdraw')}
          hint="会退出所有设备，再次登录前需要重新同意"
        />
      </Card>
      <Ending screen={screen} endsAt={facts.endsAt} />
      {screen.sheet === 'withdraw' && <WithdrawSheet {...screen} />}
      {screen.sheet === 'cancel' && <CancelSheet {...screen} />}
    </>
  )
}

function Ending({ screen, endsAt }: { screen: AccountScreen; endsAt: number | undefined }) {
  if (endsAt === undefined)
    return (
      <Card eyebrow="注销账号">
        <Button
          label="注销账号"
          onPress={() => screen.onSheet('cancel')}
          hint="提出后有 15 天冷静期，期间可以撤回"
        />
      </Card>
    )
  return (
    <Card eyebrow="注销账号" title="已提出注销申请">
      <Meta text={`账号将在 ${formatDay(dayOf(endsAt))}注销。在那之前您可以照常使用，也可以撤回申请。`} />
      <Button
        label="撤回注销申请"
        kind="main"
        busy={screen.busyWith === 'cancel'}
        onPress={screen.onKeepAccount}
      />
    </Card>
  )
}

const waitingText = (waiting: number) =>
  `还有 ${waiting} 条没有送达，会留在本机，等您再次登录后送达。建议先联网送达。`

function WithdrawSheet({ waiting, busyWith, onSheet, onWithdraw }: AccountScreen) {
  return (
    <Sheet
      title="撤回同意？"
      onCancel={() => onSheet(undefined)}
      actions={
        <Button label="撤回并退出" kind="danger" busy={busyWith === 'withdraw'} onPress={onWithdraw} />
      }
    >
      <Meta text="会退出您的所有设备，再次登录前需要重新同意。撤回以前的登记仍由支部依规保管，以后的学习由支部在现场为您登记。" />
      {waiting > 0 && <Notice tone="wait" text={waitingText(waiting)} />}
    </Sheet>
  )
}

function CancelSheet({ typed, busyWith, onSheet, onType, onCancelAccount }: AccountScreen) {
  return (
    <Sheet
      title="注销账号？"
      onCancel={() => onSheet(undefined)}
      actions={
        <Button
          label="提出注销"
          kind="danger"
          busy={busyWith === 'cancel'}
          disabled={typed.trim() !== cancelWord}
          onPress={onCancelAccount}
        />
      }
    >
      <Meta text="提出后有 15 天冷静期，期间可以照常使用，也可以撤回。到期后删除您的登录、微信绑定、同意记录、请假说明、更正申请和投诉建议。支部的登记簿和会议记录由支部依规保存，不随账号删除。" />
      <Field label={`请输入「${cancelWord}」确认`} value={typed} onInput={onType} maxLength={10} />
    </Sheet>
  )
}
