import fc from 'fast-check'
import { framed, unframed } from '#sync/frame'

test('what was kept comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      expect(unframed(framed(value))?.value).toEqual(JSON.parse(JSON.stringify(value))),
    ),
  )
})

test('no part of an entry, and no entry with a changed character, is taken for a whole one', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (text, place, other) => {
      const entry = framed({ text })
      const at = place % entry.length
      expect(unframed(entry.slice(0, at))).toBeUndefined()
      const changed = entry.slice(0, at) + other + entry.slice(at + 1)
      if (changed !== entry) expect(unframed(changed)?.value ?? { text: undefined }).not.toEqual({ text })
    }),
  )
})
