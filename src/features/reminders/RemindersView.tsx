import { clockOf, formatDay } from '#domain/day'
import type { Gathering } from '#domain/gathering'
import { keyOf } from '#domain/gathering'
import { gatheringName, mostReminders } from '#domain/reminder'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

/** Messages by WeChat, inside WeChat. */
export type WechatReminders =
  /** The organisation has not switched them on. */
  | { readonly state: 'off' }
  /** They came in without WeChat: there is nobody to send to. */
  | { readonly state: 'unbound' }
  | {
      readonly state: 'on'
      readonly left: number
      readonly isBusy: boolean
      readonly onAgree: () => void
    }

export type RemindersScreen =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly message: string; readonly onAgain: () => void }
  | {
      readonly state: 'ready'
      readonly minutesBefore: number
      /** What became of the last tap. */
      readonly told: { readonly tone: 'ok' | 'wait'; readonly text: string } | undefined
      /** Undefined outside WeChat. */
      readonly wechat: WechatReminders | undefined
      /** The phone's calendar, one tap for each; undefined outside WeChat. */
      readonly phone:
        | { readonly ahead: readonly Gathering[]; readonly onAdd: (gathering: Gathering) => void }
        | undefined
    }

/** 学习前提醒: whoever likes to be reminded is, and nothing follows from it. */
export function RemindersView(screen: RemindersScreen) {
  if (screen.state === 'asking') return <Loading label="正在取提醒的情况…" />
  if (screen.state === 'failed')
    return (
      <Notice tone="wait" text={screen.message} action={{ label: '再试一次', onPress: screen.onAgain }} />
    )
  const { minutesBefore, told, wechat, phone } = screen
  return (
    <>
      <Meta text="提醒只是方便，用不用随您。没有开、没有收到，签到和登记都不受影响。" />
      {told !== undefined && <Notice tone={told.tone} text={told.text} />}
      {wechat === undefined && <Meta text="微信提醒只在微信小程序里有；在这里可以用日历提醒。" />}
      {wechat !== undefined && <WechatCard wechat={wechat} minutesBefore={minutesBefore} />}
      {phone !== undefined && (
        <Card eyebrow="手机日历">
          {phone.ahead.length === 0 && <Meta text="近期没有安排好的学习和会议" />}
          {phone.ahead.map((gathering) => (
            <Row
              key={keyOf(gathering)}
              title={gatheringName(gathering)}
              detail={`${formatDay(gathering.heldOn)} ${clockOf(gathering.startsAt)}`}
              label={`把${formatDay(gathering.heldOn)}的${gatheringName(gathering)}写进手机日历`}
              onPress={() => phone.onAdd(gathering)}
            />
          ))}
          {phone.ahead.length > 0 && <Meta text="点一项，写进手机日历。以后改了时间，请再写一次。" />}
        </Card>
      )}
    </>
  )
}

function WechatCard({ wechat, minutesBefore }: { wechat: WechatReminders; minutesBefore: number }) {
  if (wechat.state === 'off')
    return (
      <Card eyebrow="微信提醒">
        <Meta text="机关党委还没有开通微信提醒，可以先用手机日历。" />
      </Card>
    )
  if (wechat.state === 'unbound')
    return (
      <Card eyebrow="微信提醒">
        <Meta text="您没有用微信登录，微信不知道发给谁，可以先用手机日历。" />
      </Card>
    )
  const isFull = wechat.left >= mostReminders
  return (
    <Card eyebrow="微信提醒">
      <Row title={`还可提醒 ${wechat.left} 次`} />
      <Meta
        text={`学习或会议开始前 ${minutesBefore} 分钟左右，微信只给您本人发一条：是什么、什么时候、在哪里。已经登记或者准了假的，不再提醒。`}
      />
      <Button
        label="学习前提醒我"
        busy={wechat.isBusy}
        disabled={isFull}
        onPress={wechat.onAgree}
        hint={isFull ? '次数已经很多，用掉一些再添加' : '微信规定同意一次发一条，想多几次可以多点几次'}
      />
    </Card>
  )
}
