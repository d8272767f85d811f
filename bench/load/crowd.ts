import { setTimeout as sleep } from 'node:timers/promises'
import type { PackedAnswer } from '#protocol/wire-schemas'
import type { Replica } from '#sync/replica'
import { Overloaded, SignedOut, Unreachable } from '#sync/server-link'
import { SyncLoop } from '#sync/sync-loop'
import type { Answer } from './connection'
import { latencyOf } from './latency'
import { Lines } from './lines'
import type { Crowd, CrowdMinute, CrowdResult, PersonOnPhone } from './orders'
import { asHttp, Phone } from './talkers'

/** So often it is looked who is due. */
const lookEveryMs = 2
/** As the server asks for, see `server/sync/exchange.ts`: nobody here waits for it. */
const nextPollMs = 25_000

interface Group {
  readonly people: readonly PersonOnPhone[]
  readonly acknowledgedTo: number[]
}

/** Lets a crowd come by the clock: who is not answered keeps nobody from coming. */
export async function gather(
  crowd: Crowd,
  { people, acknowledgedTo }: Group,
  tell: (is: 'measuring' | 'measured') => void,
): Promise<CrowdResult> {
  if (crowd.phones > people.length * crowd.weeks.length) throw new Error('there are fewer phones')
  const lines = new Lines(crowd.url, crowd.mostConnections)
  const course = new Course(crowd, lines)
  const cursors = people.map((one) => ({ ...one.cursors }))
  const outside = new Set<Guest>()
  const come = (number: number) => {
    const seat = number % people.length
    const one = people[seat] as PersonOnPhone // within its length
    const week = crowd.weeks[Math.floor(number / people.length)] ?? ''
    const device = `crowddevice${String(number).padStart(8, '0')}`
    const guest = new Guest(new Phone({ ...one, device }, [week], cursors[seat]), seat, course, lines, () => {
      outside.delete(guest)
      acknowledgedTo[seat] = (acknowledgedTo[seat] ?? 0) + 1
      course.acknowledged(number)
    })
    outside.add(guest)
    guest.come()
  }
  tell('measuring')
  const cpu = process.cpuUsage()
  await byTheClock(crowd, course, come)
  const { user, system } = process.cpuUsage(cpu)
  tell('measured')
  while (outside.size > 0 && course.elapsedMs < crowd.giveUpAfterMs) await sleep(20)
  for (const guest of outside) guest.leave()
  while (!lines.isIdle) await sleep(20) // what is under way is answered, or lost
  lines.close()
  return { ...course.result(), acknowledgedTo, notThrough: outside.size, cpuMs: (user + system) / 1_000 }
}

function byTheClock(crowd: Crowd, course: Course, come: (number: number) => void): Promise<void> {
  let next = 0
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      while (next < crowd.phones && course.dueMs(next) <= course.elapsedMs) come(next++)
      if (next < crowd.phones) return
      clearInterval(timer)
      resolve()
    }, lookEveryMs)
  })
}

/** Somebody with one check-in to send. When they ask again is decided by the real loop of the app. */
class Guest {
  private isFirst = true
  private readonly loop: SyncLoop

  constructor(
    private readonly phone: Phone,
    private readonly seat: number,
    private readonly course: Course,
    private readonly lines: Lines,
    private readonly onAcknowledged: () => void,
  ) {
    this.loop = new SyncLoop({
      // The loop asks nothing else of it while nobody watches a register.
      replica: { exchange: () => this.exchange() } as unknown as Replica,
      link: { sync: neverAsked, watch: neverAsked },
      onConnection: () => undefined,
      now: () => performance.now(),
      random: Math.random,
      // Timers leave out what is not a whole millisecond, and so would ring too soon.
      setTimer: (work, delayMs) => setTimeout(work, Math.ceil(delayMs)),
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined), // made by setTimer
    })
  }

  come(): void {
    this.loop.wake()
  }

  leave(): void {
    this.loop.sleep()
  }

  private async exchange() {
    const answer = await this.lines
      .ask(() => this.request())
      .catch((error: Error) => {
        this.course.broken(error.message)
        throw new Unreachable(error.message)
      })
    if (answer.status !== 200) throw this.problem(answer)
    this.leave() // in either case they have nothing more to ask
    if (this.phone.take(answer)) this.onAcknowledged()
    else this.course.failed(`not accepted: ${outcomesOf(answer)}`)
    return { nextPollMs, hasMore: false }
  }

  private request(): string {
    this.course.asked(this.isFirst)
    this.isFirst = false
    return asHttp(this.phone.next(), this.seat)
  }

  /** What the app makes of an answer that is none, see `src/platform/server-link.ts`. */
  private problem(answer: Answer): Error {
    const ms = retryAfterMs(answer)
    if (answer.status === 503) this.course.refused(ms !== undefined && isToldTo(answer.head, ms))
    else this.course.failed(`${answer.status} ${codeOf(answer)}`)
    if (answer.status === 401) return new SignedOut()
    return ms === undefined ? new Unreachable(`${answer.status}`) : new Overloaded(ms)
  }
}

const neverAsked = () => Promise.reject(new Error('the loop asks the replica'))

function retryAfterMs({ body }: Answer): number | undefined {
  try {
    const ms: unknown = JSON.parse(body).error.retryAfterMs
    return typeof ms === 'number' && ms > 0 ? ms : undefined
  } catch {
    return undefined // not our server's answer
  }
}

const codeOf = ({ body }: Answer) => /"code":"([\w-]+)"/.exec(body)?.[1] ?? body.slice(0, 100)
const outcomesOf = ({ body }: Answer) => JSON.stringify((JSON.parse(body) as PackedAnswer)[2])

/** Whether proxies, which read headers alone, hear the same, in whole seconds. */
const isToldTo = (head: string, ms: number) =>
  Number(/\r\nretry-after: *(\d+)/i.exec(head)?.[1]) === Math.ceil(ms / 1_000)

/** What becomes of a crowd, from when the first comes. */
class Course {
  private readonly begun = performance.now()
  private readonly latencies: number[] = []
  private readonly count = { requests: 0, inTime: 0, refused: 0, refusedWithoutTime: 0 }
  private readonly whyBroken: Record<string, number> = {}
  private readonly whyFailed: Record<string, number> = {}
  private readonly minutes: { -readonly [name in keyof CrowdMinute]: number }[] = []
  private lastAfterMs = Number.NaN

  constructor(
    private readonly crowd: Crowd,
    private readonly lines: Lines,
  ) {}

  get elapsedMs(): number {
    return performance.now() - this.begun
  }

  /** When a phone comes. */
  dueMs(number: number): number {
    return (number * 1_000) / this.crowd.perSecond
  }

  asked(isFirst: boolean): void {
    this.count.requests += 1
    this.minute.requests += 1
    if (isFirst && this.elapsedMs <= this.dueMs(this.crowd.phones)) this.count.inTime += 1
  }

  acknowledged(number: number): void {
    this.minute.acknowledged += 1
    this.lastAfterMs = this.elapsedMs
    this.latencies.push(this.lastAfterMs - this.dueMs(number))
  }

  refused(isTold: boolean): void {
    this.count.refused += 1
    this.minute.refused += 1
    if (!isTold) this.count.refusedWithoutTime += 1
  }

  broken(why: string): void {
    this.whyBroken[why] = (this.whyBroken[why] ?? 0) + 1
  }

  failed(why: string): void {
    this.whyFailed[why] = (this.whyFailed[why] ?? 0) + 1
  }

  result(): Omit<CrowdResult, 'notThrough' | 'acknowledgedTo' | 'cpuMs'> {
    const { inTime, ...count } = this.count
    return {
      ...count,
      offeredPerSecond: (inTime * 1_000) / this.dueMs(this.crowd.phones),
      lastAfterMs: this.lastAfterMs,
      latencyMs: latencyOf(this.latencies),
      broken: this.whyBroken,
      failures: this.whyFailed,
      waits: this.lines.waits,
      mostConnections: this.lines.mostOpen,
      minutes: this.minutes,
    }
  }

  private get minute() {
    const at = Math.floor(this.elapsedMs / 60_000)
    while (this.minutes.length <= at) this.minutes.push({ requests: 0, refused: 0, acknowledged: 0 })
    return this.minutes[at] as (typeof this.minutes)[number] // just made
  }
}
