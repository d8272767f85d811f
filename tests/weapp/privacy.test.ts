import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { privacyApis } from '../../src/features/public/privacy-apis'
import { brokenDist, builtWeapp, requireBuiltWeapp } from '../support/weapp/built-weapp'

beforeAll(requireBuiltWeapp)

/** What `npm run privacy` says of a build. */
async function privacyOf(dist: string): Promise<{ isFine: boolean; said: string }> {
  const script = path.resolve('config/scripts/privacy.mjs')
  const run = promisify(execFile)(process.execPath, [script, '--dist', dist])
  return run.then(
    ({ stdout }) => ({ isFine: true, said: stdout }),
    ({ stderr }: { stderr: string }) => ({ isFine: false, said: stderr }),
  )
}

test('what is built uses what is declared, and nothing else that WeChat guards', async () => {
  const { isFine, said } = await privacyOf(builtWeapp)
  expect({ isFine, said }).toMatchObject({ isFine: true })
  for (const { api, information, purpose } of privacyApis) {
    expect(said).toContain(`${information}  wx.${api}\n  ${purpose}`)
  }
})

describe('it would notice', () => {
  const add = (code: string) => (source: string) => `${source}\n${code}`
  test.each([
    { what: 'a call', rewrite: add('t.getLocation({})'), says: 'getLocation is used and not declared' },
    {
      what: 'a call by its name in brackets',
      rewrite: add('t["chooseMedia"]({})'),
      says: 'chooseMedia is used and not declared',
    },
    {
      what: 'a call taken out of its object',
      rewrite: add('const {getClipboardData:a}=t;a()'),
      says: 'getClipboardData is used and not declared',
    },
    {
      what: 'a button that asks for the telephone number',
      rewrite: add('o(B,{openType:"getPhoneNumber|agreePrivacyAuthorization"})'),
      says: 'open-type getPhoneNumber is used and not declared',
    },
    {
      what: 'a field for the nickname',
      rewrite: add('o(I,{type:"nickname"})'),
      says: 'input nickname is used and not declared',
    },
    {
      what: 'leave asked ahead of a use',
      rewrite: add('t.authorize({scope:"scope.record"})'),
      says: 'scope.record is asked for ahead of its use',
    },
    {
      what: 'a declared use that has gone',
      rewrite: (source: string) => source.replaceAll('.setClipboardData(', '.setClipboard('),
      says: 'setClipboardData is declared and not used',
    },
    {
      what: 'a camera in the templates',
      file: 'base.wxml',
      rewrite: add('<camera flash="off"></camera>'),
      says: '<camera> is used and not declared',
    },
    {
      what: 'a wish for the place',
      file: 'app.json',
      rewrite: (source: string) => source.replace('{', '{"requiredPrivateInfos":["getLocation"],'),
      says: 'app.json has requiredPrivateInfos',
    },
    {
      what: 'a reason for the place',
      file: 'app.json',
      rewrite: (source: string) => source.replace('{', '{"permission":{"scope.userLocation":{"desc":"x"}},'),
      says: 'app.json has permission',
    },
  ])('$what', async ({ file = 'app.js', rewrite, says }) => {
    const broken = brokenDist(file, rewrite)
    try {
      const { isFine, said } = await privacyOf(broken.dist)
      expect(isFine).toBe(false)
      expect(said).toContain(says)
    } finally {
      broken.remove()
    }
  })

  test('Taro’s own table of names is no use of them', async () => {
    const broken = brokenDist('app.js', add('var names=new Set(["getLocation","chooseImage"])'))
    const { isFine } = await privacyOf(broken.dist)
    broken.remove()
    expect(isFine).toBe(true)
  })
})
