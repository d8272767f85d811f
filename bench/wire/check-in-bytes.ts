import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { personId } from '#domain/ids'
import { syncAnswerSchema, syncRequestSchema } from '#protocol/sync'
import { unpackedAnswer, unpackedRequest } from '#protocol/wire'
import { packedRequestSchema } from '#protocol/wire-schemas'
import { buildApp } from '#server/app'
import { openDatabase } from '#server/storage/database'
import { linXiao } from '#support/cast'
import { historyDatabase } from '#support/history'
import { until } from '#support/phone'
import { signIn } from '#support/sign-in'
import { testNow } from '#support/test-clock'
import type { SentRequest } from '#support/weapp/handset'
import { type WeappPhone, weappPhone } from '#support/weapp/weapp-phone'
import { type RawAnswer, RawConnection, requestText } from './raw-connection'

export interface RoundTrip {
  readonly request: string
  readonly answer: RawAnswer
}

/** A check-in of the built mini-program, and the question after it that finds nothing new, over one
 *  connection to the real server. The phone's own request is held back and goes out from here, with
 *  the method, the headers and the body that the app gave it. What WeChat or a browser adds of its own
 *  (user agent, referer, what it accepts) is not in it. */
export async function checkInRoundTrips(): Promise<{ checkIn: RoundTrip; emptyPull: RoundTrip }> {
  const { url, drop } = await historyDatabase(10)
  const database = openDatabase(url)
  const app = await buildApp({ database, now: testNow, isDemo: true, isLoopback: true, logLevel: 'silent' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo // it listens on TCP
  const phone = await weappPhone({ serverUrl: `http://127.0.0.1:${port}` })
  const connection = await RawConnection.open(port)
  try {
    await signIn(phone, linXiao)
    await phone.sees('签到')
    const held: SentRequest[] = []
    phone.onRequest = (request) => {
      if (!request.url.endsWith('/v1/sync')) return 'pass'
      held.push(request)
      return 'drop-request'
    }
    const heldWith = (commands: number) =>
      until(
        async () => held.find(({ body }) => unpacked(body).push.length === commands),
        () => 'the phone does not ask',
        30_000,
      )
    await phone.tap('签到')
    const checkIn = await roundTrip(connection, await heldWith(1))
    const taken = saidIn(checkIn).outcomes[0]?.result.outcome
    if (taken !== 'accepted') throw new Error(`the check-in was not taken: ${taken}`)

    // The phone is told what it missed, and asks once more.
    const { onRequest } = phone.handset
    phone.onRequest = undefined
    await comeBack(phone)
    await phone.sees('已到会', 20_000)
    await until(
      async () => (phone.requests.at(-1)?.outcome === 200 ? true : undefined),
      () => 'no answer',
    )
    held.length = 0
    phone.onRequest = onRequest
    await comeBack(phone)
    const emptyPull = await roundTrip(connection, await heldWith(0))
    if (Object.keys(saidIn(emptyPull).scopes).length > 0) throw new Error('there was something new')
    return { checkIn, emptyPull }
  } finally {
    connection.close()
    await phone.close()
    await app.close()
    await database.close()
    await drop()
  }
}

const unpacked = (body: string) =>
  v.parse(syncRequestSchema, unpackedRequest(v.parse(packedRequestSchema, JSON.parse(body))))

const saidIn = ({ answer }: RoundTrip) =>
  v.parse(syncAnswerSchema, unpackedAnswer(JSON.parse(answer.body), personId(linXiao.personId)))

async function comeBack(phone: WeappPhone): Promise<void> {
  await phone.leave()
  await phone.comeBack()
}

async function roundTrip(connection: RawConnection, sent: SentRequest): Promise<RoundTrip> {
  const { method, header, body } = sent
  const request = requestText({ method, path: new URL(sent.url).pathname, header: { ...header }, body })
  const answer = await connection.send(request)
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`)
  return { request, answer }
}
