import { traceOf } from '#platform/faults'
import { asUndeclared, PrivacyGate } from '#platform/privacy'
import { wxFiles } from '#platform/wx-files'
import { until } from '../support/phone'
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

let side: WechatSide
let gate: PrivacyGate
let reported: string[]
let realm: Realm

/** A phone with WeChat, the app just started on it. */
function start(without: readonly string[] = []) {
  const handset = { loginCode: 'code', signal: true, requests: [] } as unknown as Handset // what these calls read of it
  realm = new Realm()
  side = wechatOf(handset)
  const api = Object.entries(personalApi(realm, handset)).filter(([name]) => !without.includes(name))
  mockWx.api = Object.fromEntries(api)
  Object.assign(mockWx.api, {
    canIUse: (name: string) => name in mockWx.api,
    env: { USER_DATA_PATH: 'http://usr' },
  })
  reported = []
  gate = new PrivacyGate((api) => reported.push(api))
  gate.listen()
}

beforeEach(() => start())
afterEach(() => {
  jest.restoreAllMocks()
  realm.end()
})

const contract = '《周汇朝学小程序隐私保护指引》'

/** The question as the sheet draws it, which says that it is shown. */
async function question() {
  const named = () => (gate.getQuestion()?.contract === contract ? gate.getQuestion() : undefined)
  const asked = await until(named, () => `asked is ${JSON.stringify(gate.getQuestion())}`)
  asked.onShown()
  return asked
}

async function agree() {
  const { onAgree } = await question()
  side.tapped.add('agree-button') // as WeChat notes the tap on its button
  onAgree('agree-button')
}

const copy = (text = '邀请码') => wxFiles('', gate).copy(text)

test('before the first use WeChat asks, with our reason; agreed to, the use goes on, and nobody is asked again', async () => {
  const copying = copy('ABCD')
  expect(await question()).toMatchObject({ reason: '复制文字' })
  expect(side).toMatchObject({ clipboard: '', exposures: 1, questions: ['setClipboardData'] })
  await agree()
  expect(await copying).toBeUndefined()
  expect(side.clipboard).toBe('ABCD')
  expect(gate.getQuestion()).toBeUndefined()

  expect(await copy('EFGH')).toBeUndefined()
  expect(side).toMatchObject({ clipboard: 'EFGH', exposures: 1, questions: ['setClipboardData'] })
})

test('refused, the use ends with how to allow it later', async () => {
  const copying = copy()
  const { onRefuse } = await question()
  onRefuse()
  expect(await copying).toBe(
    '您选择了暂不同意，暂时不能复制文字。其他功能照常使用；想用时再点一次，选择同意即可',
  )
  expect(side.clipboard).toBe('')
  expect(gate.getQuestion()).toBeUndefined()
})

test('within ten seconds of a refusal WeChat asks nobody: the words say so, and after that it asks again', async () => {
  const first = copy()
  const { onRefuse } = await question()
  onRefuse()
  await first
  const refusedAt = side.refusedAt

  const clock = jest.spyOn(Date, 'now')
  clock.mockReturnValue(refusedAt + 9_999)
  expect(await copy()).toContain('微信在您拒绝后 10 秒内不再询问，请稍后再点一次')
  expect(side.questions).toHaveLength(1)

  clock.mockReturnValue(refusedAt + 10_000)
  const again = copy()
  await agree()
  expect(await again).toBeUndefined()
  expect(side.questions).toHaveLength(2)
})

test('an agreement that no tap on WeChat’s button stands behind is none', async () => {
  const copying = copy()
  const { onAgree } = await question()
  onAgree('another-button')
  expect(await copying).toContain('暂时不能复制文字')
  expect(side).toMatchObject({ hasAgreed: false, clipboard: '' })
})

test('two uses at a time are one question, and its answer is both’s', async () => {
  side.chosen = { name: '花名册.xlsx', bytes: Buffer.from('xlsx') }
  const copying = copy()
  const picking = wxFiles('', gate).pickSheet()
  await until(
    () => side.questions[1],
    () => 'the second use was not asked about',
  )
  await agree()
  expect(await copying).toBeUndefined()
  expect(await picking).toMatchObject({ name: '花名册.xlsx' })
  expect(side).toMatchObject({ exposures: 2, questions: ['setClipboardData', 'chooseMessageFile'] })
})

describe('what WeChat fails a use with', () => {
  const files = () => wxFiles('', gate)
  const picture = 'data:image/png;base64,iVBORw0KGgo='

  test('103: the album was refused in WeChat’s own dialog', async () => {
    Object.assign(side, { hasAgreed: true, allowsAlbum: false })
    expect(await files().savePicture(picture, '邀请.png')).toBe(
      '微信没有得到您的允许，暂时不能把图片保存到相册。其他功能照常使用；想用时请点右上角「···」，在「设置」里允许',
    )
    side.allowsAlbum = true
    expect(await files().savePicture(picture, '邀请.png')).toBeUndefined()
    expect(side.album).toEqual([Buffer.from('iVBORw0KGgo=', 'base64')])
  })

  test('112: our guide forgot it, which is ours to hear of', async () => {
    side.declared.delete('chooseMessageFile')
    expect(await files().pickSheet()).toContain('是我们的疏漏，已经自动报告')
    expect(reported).toEqual(['chooseMessageFile'])
  })

  test('going back without choosing is no trouble', async () => {
    side.hasAgreed = true
    expect(await files().pickSheet()).toBeUndefined()
  })

  test.each([
    { errMsg: 'x:fail:auth denied', words: '微信没有得到您的允许' },
    { errMsg: 'x:fail authorize no response', words: '微信没有得到您的允许' },
    { errMsg: 'x:fail privacy permission is not authorized in gap', words: '还没有得到您的同意' },
    { errMsg: 'x:fail appid privacy api banned', words: '是我们的疏漏' },
    { errMsg: 'x:fail', errno: 104, words: '还没有得到您的同意' },
    { errMsg: 'x:fail', errno: '103', words: '微信没有得到您的允许' },
  ])('$errMsg $errno is understood', async ({ words, ...failure }) => {
    const used = await gate.guarded('试一试', () => Promise.reject(failure))
    expect(used).toMatchObject({ is: 'not-allowed', message: expect.stringContaining(words) })
  })

  test.each([{ errMsg: 'setClipboardData:fail system error', errno: 1 }, new TypeError('oops'), undefined])(
    '%p has nothing to do with consent',
    async (failure) => {
      expect(await gate.guarded('试一试', () => Promise.reject(failure))).toEqual({ is: 'failed' })
      expect(reported).toEqual([])
    },
  )
})

test('WeChat tells whether it will ask, and opens the guide', async () => {
  expect(await gate.setting()).toEqual({ isNeeded: true, contract })
  gate.openContract()
  await until(
    () => side.contractsOpened || undefined,
    () => 'the guide was not opened',
  )
  expect(side.contractsOpened).toBe(1)
  side.hasAgreed = true
  expect(await gate.setting()).toMatchObject({ isNeeded: false })
})

test('a WeChat from before all this is not asked for what it lacks', async () => {
  start(['onNeedPrivacyAuthorization', 'getPrivacySetting', 'openPrivacyContract'])
  side.hasAgreed = true // such a WeChat holds no use back
  expect(await gate.setting()).toBeUndefined()
  gate.openContract()
  expect(await copy()).toBeUndefined()
})

test('what the guide forgot is reported by its name alone', () => {
  expect(traceOf(asUndeclared('chooseMessageFile'))).toMatchObject({ name: 'UndeclaredchooseMessageFile' })
})
