import { PrivacyGate } from '#platform/privacy'
import { wxReminding } from '#platform/wx-reminding'
import type { Handset } from '../support/weapp/handset'
import { Realm } from '../support/weapp/realm'
import { type WechatSide, wechatOf } from '../support/weapp/wechat-side'
import type { Api } from '../support/weapp/wx-call'
import { personalApi } from '../support/weapp/wx-files'

/** Taro hands on what `wx` has; the `wx` is the stand-in that the journeys use. */
const mockWx: { api: Api } = { api: {} }
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: new Proxy({}, { get: (_, name) => mockWx.api[String(name)] }),
}))

const templateId = 'ReminderTemplate_0123456789abcdefghijklmn'
const event = {
  title: '周汇朝学',
  place: '三楼会议室',
  startsAt: Date.parse('2026-11-09T08:30:00+08:00'),
  endsAt: Date.parse('2026-11-09T09:30:00+08:00'),
  alarmMinutes: 60,
}

let side: WechatSide
let realm: Realm
beforeEach(() => {
  const handset = { loginCode: 'code', signal: true, requests: [] } as unknown as Handset // what these calls read of it
  realm = new Realm()
  side = wechatOf(handset)
  side.hasAgreed = true
  mockWx.api = { ...personalApi(realm, handset), canIUse: (name: string) => name in mockWx.api }
})
afterEach(() => realm.end())

const reminding = (serverUrl = 'https://study.example.org') => {
  const { inWechat, ...others } = wxReminding(serverUrl, new PrivacyGate(() => undefined))
  if (inWechat === undefined) throw new Error('it is inside WeChat')
  return { ...inWechat, ...others }
}

describe('asking for one message', () => {
  test.each([
    { answer: 'accept', is: { is: 'done' } },
    { answer: 'acceptWithAudio', is: { is: 'done' } },
    { answer: 'reject', is: { is: 'said', message: expect.stringContaining('「通知管理」') } },
    { answer: 'ban', is: { is: 'said', message: expect.stringContaining('手机日历') } },
    { answer: 'filter', is: { is: 'said', message: expect.stringContaining('手机日历') } },
  ])('$answer', async ({ answer, is }) => {
    side.subscribes = answer
    expect(await reminding().agree(templateId)).toEqual(is)
  })

  test.each([
    { errCode: 20004, says: '您在微信里关掉了本小程序的消息' },
    { errCode: 10002, says: '没有成功，请再试一次' },
    { errCode: undefined, says: '没有成功，请再试一次' },
  ])('it fails with $errCode', async ({ errCode, says }) => {
    mockWx.api.requestSubscribeMessage = () =>
      Promise.reject({
        errMsg: 'requestSubscribeMessage:fail',
        ...(errCode === undefined ? {} : { errCode }),
      })
    expect(await reminding().agree(templateId)).toEqual({
      is: 'said',
      message: expect.stringContaining(says),
    })
  })

  test('a WeChat that cannot says so', async () => {
    delete mockWx.api.requestSubscribeMessage
    expect(await reminding().agree(templateId)).toMatchObject({
      message: expect.stringContaining('更新微信'),
    })
  })
})

describe('the phone’s calendar', () => {
  test('is written to, with the page it leads to as WeChat wants it', async () => {
    const link = { path: 'pages/home/index', signature: 'a'.repeat(64) }
    expect(await reminding().addToCalendar(event, link)).toEqual({ is: 'done' })
    expect(side.calendar).toEqual([
      {
        title: '周汇朝学',
        location: '三楼会议室',
        description: '安排以周汇朝学小程序为准',
        startTime: event.startsAt / 1000,
        endTime: event.endsAt / 1000,
        alarm: true,
        alarmOffset: 3600,
        ...link,
      },
    ])
    await reminding().addToCalendar(event, undefined)
    expect(side.calendar[1]).not.toHaveProperty('path')
  })

  test('is not, once somebody refused: how to allow it is said', async () => {
    side.allowsCalendar = false
    const told = await reminding().addToCalendar(event, undefined)
    expect(told).toEqual({
      is: 'said',
      message: expect.stringMatching(/暂时不能把学习和会议写进手机日历.*「设置」里允许/),
    })
    expect(side.calendar).toEqual([])
  })

  test.each([
    { errMsg: 'addPhoneCalendar:fail cancel', is: { is: 'nothing' } },
    { errMsg: 'addPhoneCalendar:fail user cancel', is: { is: 'nothing' } },
    {
      errMsg: 'addPhoneCalendar:fail no permission of system',
      is: { is: 'said', message: expect.stringContaining('系统设置里允许微信使用日历') },
    },
  ])('$errMsg', async ({ errMsg, is }) => {
    mockWx.api.addPhoneCalendar = () => Promise.reject({ errMsg })
    expect(await reminding().addToCalendar(event, undefined)).toEqual(is)
  })

  test('an old WeChat without it says so', async () => {
    delete mockWx.api.addPhoneCalendar
    const told = await reminding().addToCalendar(event, undefined)
    expect(told).toMatchObject({ message: expect.stringContaining('更新微信') })
  })
})

test.each([
  { serverUrl: 'https://study.example.org', address: 'https://study.example.org/v1/calendar/b/x.ics' },
  { serverUrl: 'http://127.0.0.1:8787', address: undefined },
  { serverUrl: '', address: undefined },
])('from $serverUrl a calendar app reads $address', ({ serverUrl, address }) => {
  expect(reminding(serverUrl).addressOf('/v1/calendar/b/x.ics')).toBe(address)
})
