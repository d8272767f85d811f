import { brokenDist, builtWeapp, entryPages, requireBuiltWeapp } from '../support/weapp/built-weapp'
import { compileWxml, compileWxss } from '../support/weapp/compilers'
import { weappPhone } from '../support/weapp/weapp-phone'
import { drawnByUs, drawnByWeChat } from '../support/weapp/wechat-view'

beforeAll(requireBuiltWeapp)

test('WeChat compiles every WXML of the build', () => {
  const { files, errors } = compileWxml(builtWeapp)
  expect(errors).toEqual([])
  expect(files).toContain('base.wxml')
})

test('WeChat compiles every WXSS of the build', () => {
  const { files, errors } = compileWxss(builtWeapp)
  expect(errors).toEqual([])
  expect(files).toContain('app.wxss')
})

test('our phone draws a page as what WeChat compiled draws it', async () => {
  const { code } = compileWxml(builtWeapp)
  const phone = await weappPhone({ dist: builtWeapp })
  for (const route of entryPages()) {
    await phone.open(`/${route}`)
    const { owner } = phone.drawn
    expect(drawnByUs(phone.drawn)).toEqual(drawnByWeChat(code, `${route}.wxml`, owner.data))
  }
  await phone.close()
})

test('a WXML with an element left open is refused, with its line', () => {
  const { dist, remove } = brokenDist('app-extra.wxml', () => '<view>\n<text></view>\n')
  const { errors } = compileWxml(dist)
  remove()
  expect(errors).toEqual([{ file: 'app-extra.wxml', line: 2, message: expect.stringContaining('end-tag') }])
})

test('a WXSS with a brace too many is refused, with its line', () => {
  const { dist, remove } = brokenDist('app.wxss', (source) => `.a { color: red }\n } }\n${source}`)
  const { errors } = compileWxss(dist)
  remove()
  expect(errors).toEqual([expect.objectContaining({ file: 'app.wxss', line: 2 })])
})

test('a WXSS that imports what is not there is refused', () => {
  const { dist, remove } = brokenDist('app.wxss', (source) => `@import "./absent.wxss";\n${source}`)
  const { errors } = compileWxss(dist)
  remove()
  expect(errors).toEqual([
    expect.objectContaining({ file: 'app.wxss', message: expect.stringContaining('absent.wxss') }),
  ])
})
