import { openidFromCloud } from '#server/wechat/cloud-headers'

const openid = 'oLinXiao0123456789abcdefghij'

test.each(['wx_client', 'wx_devtools', 'wx_client,scf'])('what came through WeChat (%s) counts', (source) => {
  expect(openidFromCloud({ 'x-wx-source': source, 'x-wx-openid': openid })).toBe(openid)
})

test.each([
  { what: 'no source', headers: { 'x-wx-openid': openid } },
  { what: 'an empty source', headers: { 'x-wx-source': '', 'x-wx-openid': openid } },
  { what: 'a source of spaces', headers: { 'x-wx-source': '  ', 'x-wx-openid': openid } },
  { what: 'no openid', headers: { 'x-wx-source': 'wx_client' } },
  { what: 'an empty openid', headers: { 'x-wx-source': 'wx_client', 'x-wx-openid': '' } },
  // Node joins a header that came twice: one of the two is not WeChat's.
  {
    what: 'two openids',
    headers: { 'x-wx-source': 'wx_client', 'x-wx-openid': `oSomebodyElse000000000000000, ${openid}` },
  },
  { what: 'a list of openids', headers: { 'x-wx-source': 'wx_client', 'x-wx-openid': [openid] } },
  {
    what: 'the openid of another mini-program',
    headers: { 'x-wx-source': 'wx_client', 'x-wx-from-openid': openid },
  },
  { what: 'nothing', headers: {} },
])('$what → nobody', ({ headers }) => {
  expect(openidFromCloud(headers)).toBeUndefined()
})
