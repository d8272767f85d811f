import { codeOfScene, sceneOf } from '#protocol/people'

/** What a mini-program code carries: WeChat allows 32 characters of a few kinds, and anybody can make
 *  a code, or a link, that opens our page with whatever they like. */
const code = 'ABCD-EFGH-JKMN'

test('a scene is short, of letters WeChat takes, and read back however it is encoded', () => {
  const scene = sceneOf(code)
  expect(scene.length).toBeLessThanOrEqual(32)
  expect(scene).toMatch(/^[\w!#$&'()*+,/:;=?@.~-]+$/)
  expect(codeOfScene(scene)).toBe(code)
  expect(codeOfScene(encodeURIComponent(scene))).toBe(code)
  expect(codeOfScene(scene.replace('.', '%2E'))).toBe(code)
  expect(codeOfScene(scene.replace('.', '%2e'))).toBe(code)
  expect(codeOfScene(scene.toLowerCase())).toBe(code)
})

test.each([
  undefined,
  '',
  'i.',
  '1001',
  'undefined',
  code,
  sceneOf(code).slice(2),
  sceneOf(code).slice(0, -1),
  `${sceneOf(code)}P`,
  `${sceneOf(code)}\n`,
  ` ${sceneOf(code)}`,
  `x${sceneOf(code)}`,
  `i.${code}`,
  'j.ABCDEFGHJKMN',
  'ixABCDEFGHJKMN',
  'i%ABCDEFGHJKMN',
  'i%252EABCDEFGHJKMN',
  '%E0%A4%A',
  'i.ABCDEFGHJKM%',
  'i.ABCDEFGHJKM<',
  "i.ABCDEFGH' OR",
  'i.../../../etc',
  'i.ＡＢＣＤEFGHJKMN',
  'i.ABCDEFGHJKMſ',
  'i.ABCDEFGHJK\u0000N',
  `i.${'A'.repeat(1_000_000)}`,
  '__proto__',
])('%j is no invitation', (scene) => expect(codeOfScene(scene)).toBeUndefined())
