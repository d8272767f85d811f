import Taro from '@tarojs/taro'
import * as v from 'valibot'
import type { PrivacyGate } from './privacy'
import type { PhoneEvent, Reminded, Reminding, SignedLink } from './reminding'

const said = (message: string): Reminded => ({ is: 'said', message })

const failureSchema = v.object({ errCode: v.optional(v.number()), errMsg: v.optional(v.string(), '') })
const answerSchema = v.record(v.string(), v.unknown())
const tooOld = '这个版本的微信没有这项功能，请更新微信后再试'

/** In the mini-program: messages by WeChat, and the phone's calendar. */
export function wxReminding(serverUrl: string, privacy: PrivacyGate): Reminding {
  return {
    inWechat: {
      async agree(templateId) {
        if (!Taro.canIUse('requestSubscribeMessage')) return said(tooOld)
        try {
          // Taro's type asks for what only Alipay knows.
          const asked = { tmplIds: [templateId] } as Taro.requestSubscribeMessage.Option
          const answer = v.safeParse(answerSchema, await Taro.requestSubscribeMessage(asked))
          return agreementOf(answer.success ? answer.output[templateId] : undefined)
        } catch (error) {
          return said(refusalOf(error))
        }
      },
      addToCalendar: (event, link) => addToCalendar(privacy, event, link),
    },
    // Behind WeChat's own hosting there is no address that others reach.
    addressOf: (path) => (serverUrl.startsWith('https://') ? `${serverUrl}${path}` : undefined),
    subscribe: undefined,
  }
}

/** `acceptWithAudio` and the like are yes as well. */
function agreementOf(answer: unknown): Reminded {
  if (typeof answer === 'string' && answer.startsWith('accept')) return { is: 'done' }
  if (answer === 'reject') return said(notWanted)
  return said('微信暂时不能发这种提醒，请稍后再试，或用手机日历提醒')
}

const inSettings = '请点右上角「···」，在「设置」的「通知管理」里打开'
/** Whoever once chose not to be asked again sees no question: the tap would seem to do nothing. */
const notWanted = `这次没有添加提醒。想用时再点一次；如果微信没有询问，${inSettings}`
const switchedOff = 20004

function refusalOf(error: unknown): string {
  const failure = v.safeParse(failureSchema, error)
  if (failure.success && failure.output.errCode === switchedOff)
    return `您在微信里关掉了本小程序的消息。想用时${inSettings}`
  return '没有成功，请再试一次，或用手机日历提醒'
}

async function addToCalendar(
  privacy: PrivacyGate,
  { title, place, startsAt, endsAt, alarmMinutes }: PhoneEvent,
  link: SignedLink | undefined,
): Promise<Reminded> {
  if (!Taro.canIUse('addPhoneCalendar')) return said(tooOld)
  const event = {
    title,
    location: place,
    description: '安排以周汇朝学小程序为准',
    startTime: startsAt / 1000,
    endTime: endsAt / 1000,
    alarm: true,
    alarmOffset: alarmMinutes * 60,
    ...link,
  }
  const used = await privacy.guarded('把学习和会议写进手机日历', () =>
    // Taro's type is of an older documentation, with `endTime` as text and no link.
    Taro.addPhoneCalendar(event as object as Taro.addPhoneCalendar.Option),
  )
  if (used.is === 'done') return { is: 'done' }
  if (used.is === 'cancelled') return { is: 'nothing' }
  if (used.is === 'not-allowed') return said(used.message)
  return said('没有写进日历。请在手机的系统设置里允许微信使用日历，然后再试一次')
}
