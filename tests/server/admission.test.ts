import { Admission } from '#server/admission'

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
