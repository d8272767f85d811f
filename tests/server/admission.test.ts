import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import { Admission } from '#server/admission'
import { admit } from '#server/http/sync-routes'

function admissionAt(clock: { now: number }, room = 4) {
  return new Admission({ room, now: () => clock.now, random: () => 0 })
}

/** As many answers as that, each `everyMs` after the last, with most places taken. */
function answers(admission: Admission, clock: { now: number }, count: number, everyMs: number): void {
  for (let place = 0; place < 3; place += 1) admission.enter()
  for (let answer = 0; answer < count; answer += 1) {
    admission.enter()
    clock.now += everyMs
    admission.leave()
  }
}

test('as many enter as there are places, and another for each that leaves', () => {
  const admission = admissionAt({ now: 0 })
  expect([1, 2, 3, 4].map(() => admission.enter())).toEqual([undefined, undefined, undefined, undefined])
  expect(admission.enter()).toBeGreaterThan(0)
  admission.leave()
  expect(admission.enter()).toBeUndefined()
})

test('those turned away come back one after the other, as fast as answers were given', () => {
  const clock = { now: 10_000 }
  const admission = admissionAt(clock)
  answers(admission, clock, 400, 10)
  for (let place = 0; place < 4; place += 1) admission.enter()
  const waits = Array.from({ length: 100 }, () => admission.enter() ?? 0)
  const steps = waits.slice(1).map((wait, index) => wait - (waits[index] ?? 0))
  for (const step of steps) expect(step).toBeCloseTo(10, 0)
})

test('before anything was measured, and past what can be foreseen, it says something all the same', () => {
  const clock = { now: 0 }
  const admission = admissionAt(clock, 1)
  admission.enter()
  const waits = Array.from({ length: 700_000 }, () => admission.enter() ?? 0)
  expect(waits[0]).toBeGreaterThan(0)
  expect(waits.every((wait) => wait <= 601_000)).toBe(true)
  expect(waits.at(-1)).toBe(300_000)
})

test('who only looks has a quarter of the places, and who has something to say all of them', () => {
  const admission = admissionAt({ now: 0 }, 8)
  expect([1, 2].map(() => admission.startLook())).toEqual([undefined, undefined])
  expect(admission.startLook()).toBeGreaterThan(0)
  expect(admission.enter()).toBeUndefined()
  admission.endLook()
  expect(admission.startLook()).toBeUndefined()
})

test('a round every two seconds is measured too', () => {
  const clock = { now: 10_000 }
  const admission = admissionAt(clock, 1_000)
  while (admission.enter() === undefined); // all places are taken
  for (let round = 0; round < 10; round += 1) {
    clock.now += 2_200
    for (let each = 0; each < 440; each += 1) admission.leave()
    for (let each = 0; each < 440; each += 1) admission.enter()
  }
  const [first = 0, second = 0] = [admission.enter(), admission.enter()]
  expect(second - first).toBeCloseTo(5, 0)
})

describe('over a real connection', () => {
  const admission = admissionAt({ now: 0 }, 3)
  const app = Fastify()
  let isHeld = true
  let arrived = 0
  beforeAll(async () => {
    admit(app, admission)
    app.post('/v1/sync', async () => {
      arrived += 1
      while (isHeld) await sleep(5)
      return {}
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => app.close())
  const url = () => `${app.listeningOrigin}/v1/sync`
  /** Asks, and does not wait. */
  const phone = () => {
    const socket = connect(Number(new URL(url()).port), '127.0.0.1')
    socket.write('POST /v1/sync HTTP/1.1\r\nhost: study\r\ncontent-length: 0\r\n\r\n')
    return socket
  }

  test('a phone that has gone before its answer gives its place back', async () => {
    const phones = [1, 2, 3].map(phone)
    while (arrived < 3) await sleep(5)
    expect(admission.enter()).toBeGreaterThan(0)
    for (const each of phones) each.destroy()
    await sleep(100) // the server hears that they have gone while it is still at their requests
    isHeld = false
    for (let tries = 0; admission.enter() !== undefined; tries += 1) {
      if (tries > 400) throw new Error('the places were never given back')
      await sleep(10)
    }
    admission.leave()
    // And an answered one gives back its own, once.
    for (let times = 0; times < 10; times += 1)
      expect((await fetch(url(), { method: 'POST' })).status).toBe(200)
    expect([1, 2, 3].map(() => admission.enter())).toEqual([undefined, undefined, undefined])
    expect(admission.enter()).toBeGreaterThan(0)
  })
})
