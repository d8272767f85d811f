import { until } from '../phone'
import { deliver } from './gestures'
import type { Handset } from './handset'
import type { Realm } from './realm'
import type { WeappPhone } from './weapp-phone'

export interface NamedFile {
  readonly name: string
  readonly bytes: Buffer
}

/** What WeChat keeps of a phone and its person beside the app: it stays when the app is ended. */
export interface WechatSide {
  /** What `wx.login` gives next; without it, the handset's `loginCode`. */
  giveCode: (() => string) | undefined
  /** The guarded calls that the guide filed with WeChat names. */
  declared: Set<string>
  hasAgreed: boolean
  /** When the person last refused; WeChat asks nobody again for ten seconds. */
  refusedAt: number
  /** Each question that reached the app, by the call that raised it. */
  readonly questions: string[]
  /** How often the app said that its question is on the screen. */
  exposures: number
  contractsOpened: number
  /** What the person answers when WeChat asks to write to the album. */
  allowsAlbum: boolean
  /** What the person answers when WeChat asks to write to the calendar. */
  allowsCalendar: boolean
  /** Events that were written, as they were given. */
  readonly calendar: object[]
  /** What they answer when a message is asked for. */
  subscribes: string
  /** Chosen from a chat next; undefined: they go back without choosing. */
  chosen: NamedFile | undefined
  clipboard: string
  readonly album: Buffer[]
  /** The app's own files, by path. */
  readonly files: Map<string, Buffer>
  /** What WeChat opened for reading. */
  readonly opened: NamedFile[]
  /** Ids of the agree buttons that were tapped in this run. */
  readonly tapped: Set<string>
  realm: Realm | undefined
}

const sides = new WeakMap<Handset, WechatSide>()

export function wechatOf(handset: Handset): WechatSide {
  const known = sides.get(handset) ?? {
    giveCode: undefined,
    declared: new Set([
      'chooseMessageFile',
      'setClipboardData',
      'saveImageToPhotosAlbum',
      'addPhoneCalendar',
    ]),
    hasAgreed: false,
    refusedAt: 0,
    questions: [],
    exposures: 0,
    contractsOpened: 0,
    allowsAlbum: true,
    allowsCalendar: true,
    calendar: [],
    subscribes: 'accept',
    chosen: undefined,
    clipboard: '',
    album: [],
    files: new Map(),
    opened: [],
    tapped: new Set(),
    realm: undefined,
  }
  sides.set(handset, known)
  return known
}

/** Taps WeChat's own agree button, if the page draws one: WeChat notes the tap and tells the page by
 *  an event of its own, not by a tap. */
export async function tapAgree(phone: WeappPhone): Promise<void> {
  const side = wechatOf(phone.handset)
  const button = await until(
    () =>
      [...phone.drawn.all()].find(
        (node) => node.tag === 'button' && node.attribute('open-type') === 'agreePrivacyAuthorization',
      ),
    () => 'no agree button is drawn',
  )
  const id = String(button.attribute('id') ?? '')
  const method = button.binding('agreeprivacyauthorization')?.method
  if (method === undefined || side.realm === undefined) throw new Error('nothing hears the agreement')
  side.tapped.add(id)
  const target = { id, dataset: { sid: button.attribute('data-sid') } }
  const event = {
    type: 'agreeprivacyauthorization',
    timeStamp: Date.now(),
    detail: {},
    target,
    currentTarget: target,
  }
  deliver(button.owner, method, event, side.realm)
}
