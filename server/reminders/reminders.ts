import { isMeetingId } from '#domain/gathering-key'
import type { PersonId } from '#domain/ids'
import type { ReminderTemplate } from '../settings'
import type { Database } from '../storage/database'
import { fieldValue } from '../wechat/template-fields'
import type { Delivery, WechatApi } from '../wechat/wechat-api'
import { WechatMisconfigured, WechatRefused, WechatUnavailable } from '../wechat/wechat-errors'
import { type Reminder, type Settled, settle, spendCredit } from './credits'
import { type DueGathering, dueGatherings } from './due'

/** Messages under way at once, and in one pass: the other jobs wait for it. */
const atOnce = 8
const mostInPass = 200

interface RemindersOptions {
  readonly database: Database
  readonly api: Pick<WechatApi, 'accessToken' | 'sendSubscribeMessage'>
  readonly template: ReminderTemplate
  /** How long before it begins. */
  readonly minutesBefore: number
  readonly now: () => number
  /** Something that somebody has to set right; names fields and numbers, never a person. */
  readonly onTrouble: (trouble: { code: number | undefined; field?: string | undefined }) => void
}

/** What one pass did. `isMore`: there are some left that need not wait. */
export interface RemindersSent {
  readonly sent: number
  readonly isMore: boolean
}

/** 学习前提醒: one message to whoever agreed to it, once for a gathering. Nothing depends on it: what WeChat does
 *  not take is left, and what was not recorded is seen in the register as ever. */
export class Reminders {
  constructor(private readonly options: RemindersOptions) {}

  async pass(): Promise<RemindersSent> {
    const { database, api, template, minutesBefore, now } = this.options
    const due = await dueGatherings(database, template.templateId, now(), now() + minutesBefore * 60_000)
    const all = due.flatMap((gathering) => gathering.people.map((person) => ({ gathering, ...person })))
    if (all.length === 0) return { sent: 0, isMore: false }
    try {
      await api.accessToken() // without it no credit is touched
    } catch (error) {
      this.tell(error)
      return { sent: 0, isMore: false }
    }
    const batch = all.slice(0, mostInPass)
    let sent = 0
    let isStopped = false
    const worker = async () => {
      for (let next = batch.shift(); next !== undefined && !isStopped; next = batch.shift()) {
        const settled = await this.remind(next.gathering, next)
        if (settled === 'sent') sent += 1
        // What keeps one from being sent now keeps the others too.
        if (settled === 'waiting') isStopped = true
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    return { sent, isMore: !isStopped && all.length > mostInPass }
  }

  private async remind(
    gathering: DueGathering,
    { personId, openid }: { personId: PersonId; openid: string },
  ): Promise<Settled | undefined> {
    const { database, api, template, now } = this.options
    const { templateId } = template
    const reminder: Reminder = { personId, gathering: `${gathering.branchId}/${gathering.key}`, templateId }
    if (now() >= gathering.startsAt) return undefined
    const credit = await spendCredit(database, reminder, now())
    if (credit === undefined) return undefined
    const { as, errcode } = await api
      .sendSubscribeMessage({ openid, templateId, page: pageOf(gathering), data: this.dataOf(gathering) })
      .then((delivery) => this.became(delivery))
      .catch((error: unknown) => {
        this.tell(error)
        return failed(error)
      })
    await settle(database, reminder, { credit, as, errcode, now: now() })
    return as
  }

  private became(delivery: Delivery): { as: Settled; errcode?: number } {
    if (delivery.is === 'refused') return { as: 'refused', errcode: 43101 }
    if (delivery.is !== 'malformed') return { as: delivery.is }
    this.options.onTrouble({ code: 47003, field: delivery.field })
    return { as: 'malformed', errcode: 47003 }
  }

  private dataOf({ name, startsAt, place }: DueGathering): Record<string, string> {
    const { what, when, where, note } = this.options.template.fields
    return {
      [what]: fieldValue(what, name),
      [when]: fieldValue(when, startsAt),
      // An empty field would be turned away.
      ...(where === undefined ? {} : { [where]: fieldValue(where, place) || fieldValue(where, '见小程序') }),
      ...(note === undefined ? {} : { [note]: fieldValue(note, '安排以小程序为准') }),
    }
  }

  private tell(error: unknown): void {
    const isOurs =
      error instanceof WechatMisconfigured ||
      error instanceof WechatRefused ||
      error instanceof WechatUnavailable
    if (!isOurs) throw error
    this.options.onTrouble({ code: error.errcode })
  }
}

const busy = -1

/** It was not sent. What may be right in a minute, or once the operator has seen to it, is tried again until the
 *  gathering begins; what WeChat has against this one message is not. */
function failed(error: unknown): { as: Settled; errcode: number | undefined } {
  const errcode =
    error instanceof WechatMisconfigured ||
    error instanceof WechatRefused ||
    error instanceof WechatUnavailable
      ? error.errcode
      : undefined
  const isForThisOne =
    error instanceof WechatUnavailable && errcode !== undefined && !mayPass.includes(errcode)
  return { as: isForThisOne ? 'failed' : 'waiting', errcode }
}
/** Busy; a token that ran out while it was used. */
const mayPass: readonly number[] = [busy, 40014, 42001]

/** What a tap on the message opens. */
const pageOf = ({ branchId, key }: DueGathering): string =>
  isMeetingId(key) ? `packages/meetings/meeting/index?branch=${branchId}&id=${key}` : 'pages/home/index'
