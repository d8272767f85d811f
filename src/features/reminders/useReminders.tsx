import { useState } from 'react'
import type { Gathering } from '#domain/gathering'
import type { BranchId } from '#domain/ids'
import { gatheringName } from '#domain/reminder'
import { gatheringsAhead } from '#domain/upcoming'
import { type Reminders, remindersSchema } from '#protocol/reminders'
import { type SignedIn, useAsked, useWorkspace } from '#workspace'
import type { RemindersScreen, WechatReminders } from './RemindersView'

type Told = Extract<RemindersScreen, { state: 'ready' }>['told']

export function useReminders({ replica }: SignedIn, branchId: BranchId | undefined): RemindersScreen {
  const workspace = useWorkspace()
  const { asked, again } = useAsked('/v1/reminders', remindersSchema)
  const [latest, setLatest] = useState<Reminders>()
  const [told, setTold] = useState<Told>()
  const [isBusy, setBusy] = useState(false)
  const [isUnlinked, setUnlinked] = useState(false)
  if (asked.state === 'asking') return asked
  if (asked.state === 'failed') return { ...asked, onAgain: again }
  const { inWechat } = workspace.reminding
  const { minutesBefore, wechat, calendarLink } = latest ?? asked.value

  /** WeChat asks only within the tap, so nothing is waited for before it. */
  const agree = async (templateId: string) => {
    if (inWechat === undefined) return
    setBusy(true)
    setTold(undefined)
    const agreed = await inWechat.agree(templateId)
    if (agreed.is === 'said') setTold({ tone: 'wait', text: agreed.message })
    if (agreed.is === 'done') {
      const body = { id: workspace.newName(), templateId }
      const kept = await keep(body)
      if (kept.is === 'done') setLatest(kept.value)
      setTold(
        kept.is === 'done'
          ? { tone: 'ok', text: '已添加一次提醒' }
          : { tone: 'wait', text: `${kept.message}。这一次没有记上` },
      )
    }
    setBusy(false)
  }
  /** What WeChat was told must not be lost for one bad moment; told twice, it counts once. */
  const keep = async (body: object) => {
    const request = { method: 'POST', path: '/v1/reminders', body } as const
    const first = await workspace.call(request, remindersSchema)
    return first.is === 'done' ? first : workspace.call(request, remindersSchema)
  }
  const add = async (gathering: Gathering) => {
    if (inWechat === undefined) return
    setTold(undefined)
    const { place, startsAt, endsAt } = gathering
    const event = { title: gatheringName(gathering), place, startsAt, endsAt, alarmMinutes: minutesBefore }
    const added = await inWechat.addToCalendar(event, isUnlinked ? undefined : calendarLink)
    if (added.is === 'done') setTold({ tone: 'ok', text: '已写进手机日历' })
    if (added.is === 'said') {
      setTold({ tone: 'wait', text: added.message })
      // The link rests on a key that WeChat may have changed meanwhile: the next try goes without it.
      setUnlinked(true)
    }
  }
  return {
    state: 'ready',
    minutesBefore,
    told,
    wechat: inWechat && wechatOf(wechat),
    phone: inWechat && {
      ahead:
        branchId === undefined
          ? []
          : gatheringsAhead(replica, replica.personId, branchId, replica.now()).slice(0, 5),
      onAdd: (gathering) => void add(gathering),
    },
  }

  function wechatOf(on: Reminders['wechat']): WechatReminders {
    if (on === undefined) return { state: 'off' }
    if (!on.isBound) return { state: 'unbound' }
    return { state: 'on', left: on.left, isBusy, onAgree: () => void agree(on.templateId) }
  }
}
