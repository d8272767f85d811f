import { useState } from 'react'
import type { BranchId } from '#domain/ids'
import { calendarPathSchema } from '#protocol/reminders'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { useAsked, useWorkspace } from '#workspace'

export interface BranchCalendarScreen {
  readonly address: string
  /** What became of copying it. */
  readonly told: { readonly tone: 'ok' | 'wait'; readonly text: string } | undefined
  readonly onCopy: () => void
  /** Only where a calendar app can be asked for it. */
  readonly onSubscribe: (() => void) | undefined
}

/** 支部日历: an address that a calendar app reads from time to time. */
export function BranchCalendarCard({ address, told, onCopy, onSubscribe }: BranchCalendarScreen) {
  return (
    <Card eyebrow="订阅支部日历">
      <Meta text="把这个地址添加到手机或电脑的日历里（订阅日历、网络日历），学习和会议改了时间会自己更新。日历里只有类别、时间和地点，没有姓名和议题。" />
      {told !== undefined && <Notice tone={told.tone} text={told.text} />}
      {onSubscribe !== undefined && <Button label="在日历中订阅" onPress={onSubscribe} />}
      <Button
        label="复制订阅地址"
        onPress={onCopy}
        hint="有这个地址就能看到支部日历，请不要转给支部以外的人"
      />
      <Meta text={address} />
    </Card>
  )
}

/** Undefined while nothing is known of it, and where no calendar app could reach the server. */
export function useBranchCalendar(branchId: BranchId): BranchCalendarScreen | undefined {
  const workspace = useWorkspace()
  const { asked } = useAsked(`/v1/branches/${branchId}/calendar`, calendarPathSchema)
  const [told, setTold] = useState<BranchCalendarScreen['told']>()
  const { reminding, files } = workspace
  const address = asked.state === 'answered' ? reminding.addressOf(asked.value.path) : undefined
  if (address === undefined) return undefined
  const { subscribe } = reminding
  const copy = async () => {
    const problem = await files.copy(address)
    setTold(
      problem === undefined
        ? { tone: 'ok', text: '已复制，请到日历里添加' }
        : { tone: 'wait', text: problem },
    )
  }
  return {
    address,
    told,
    onCopy: () => void copy(),
    onSubscribe: subscribe && (() => subscribe(address)),
  }
}
