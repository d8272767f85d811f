import { dayOf, weekOf } from '#domain/day'
import { organizationOf } from '../organization-of'
import { Reminders } from '../reminders/reminders'
import type { Settings } from '../settings'
import type { Database } from '../storage/database'
import { WechatApi } from '../wechat/wechat-api'
import { closeDue } from './close-due'
import { clearTombstones } from './compact'
import { endDueAccounts } from './end-accounts'
import { PlanTotals } from './plan-totals'
import { WeekPlanner } from './plan-weeks'
import { deleteExpired } from './retention'
import { Totals } from './totals'

interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const everyMs = 10_000
const cleanEveryMs = 3_600_000
/** Nobody needs to be reminded to the second. */
const remindEveryMs = 60_000

/** The work nobody waits for: closing what is due, planning ahead, totals. One pass at a time;
 *  returns how to stop, which waits for the pass under way. */
export function runJobs(
  database: Database,
  now: () => number,
  log: Log,
  settings: Pick<Settings, 'wechat' | 'reminderMinutes'> = { wechat: undefined, reminderMinutes: 60 },
): () => Promise<void> {
  let totals: Totals | undefined
  let planTotals: PlanTotals | undefined
  let planner: WeekPlanner | undefined
  let pass: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let cleanAt = 0
  let remindAt = 0
  const reminders = remindersFrom(database, now, log, settings)

  const failed = (error: Error & { code?: string }) =>
    log.error({ type: error.name, code: error.code }, 'a job failed; it will run again')

  const once = async () => {
    const organizationId = await organizationOf(database)
    if (organizationId === undefined) return
    totals ??= new Totals(database, organizationId)
    planTotals ??= new PlanTotals(database, organizationId)
    planner ??= new WeekPlanner(database, organizationId)
    // One that fails must not keep the others from their work.
    const planned = await planner.pass(now()).catch(failed)
    if (planned) log.info({ planned }, 'weeks planned')
    const closed = await closeDue(database, now(), failed).catch(failed)
    if (closed) log.info({ closed }, 'registers closed')
    const ended = await endDueAccounts(database, now()).catch(failed)
    if (ended) log.info({ ended }, 'accounts ended')
    if (reminders !== undefined && now() >= remindAt) {
      const reminded = await reminders.pass().catch(failed)
      remindAt = now() + (reminded?.isMore ? 0 : remindEveryMs)
      if (reminded?.sent) log.info({ sent: reminded.sent }, 'reminders sent')
    }
    if (now() >= cleanAt) {
      cleanAt = now() + cleanEveryMs
      const deleted = await deleteExpired(database, now()).catch(failed)
      if (deleted) log.info({ deleted }, 'expired data deleted')
      const cleared = await clearTombstones(database, now()).catch(failed)
      if (cleared) log.info({ cleared }, 'tombstones cleared')
    }
    await totals.pass(weekOf(dayOf(now()))).catch(failed)
    await planTotals.pass(now()).catch(failed)
  }
  const next = () => {
    pass = once()
      .catch(failed)
      .finally(() => {
        if (!isStopped) timer = setTimeout(next, everyMs)
      })
  }
  next()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await pass
  }
}

/** Only where there is a template for them. */
function remindersFrom(
  database: Database,
  now: () => number,
  log: Log,
  { wechat, reminderMinutes: minutesBefore }: Pick<Settings, 'wechat' | 'reminderMinutes'>,
): Reminders | undefined {
  if (wechat?.reminders === undefined) return undefined
  const { appId, secret, baseUrl, reminders: template } = wechat
  return new Reminders({
    database,
    api: new WechatApi({ appId, secret, baseUrl, now }),
    template,
    minutesBefore,
    now,
    onTrouble: (trouble) => log.warn(trouble, 'WeChat did not take a reminder'),
  })
}
