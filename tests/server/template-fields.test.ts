import * as v from 'valibot'
import { fieldValue, textFieldSchema, timeFieldSchema } from '#server/wechat/template-fields'

const monday = Date.parse('2026-11-09T08:30:00+08:00')

test.each([
  { field: 'thing1', content: '周汇朝学', value: '周汇朝学' },
  { field: 'thing1', content: '一'.repeat(20), value: '一'.repeat(20) },
  { field: 'thing1', content: '一'.repeat(21), value: `${'一'.repeat(19)}…` },
  { field: 'thing1', content: '  三楼\n会议室\t东侧 ', value: '三楼 会议室 东侧' },
  { field: 'thing1', content: '一 二\u0000三', value: '一 二 三' },
  // Each of these is counted twice, and none is cut in half.
  { field: 'thing1', content: '😀'.repeat(10), value: '😀'.repeat(10) },
  { field: 'thing1', content: '😀'.repeat(11), value: `${'😀'.repeat(9)}…` },
  { field: 'thing1', content: `一${'😀'.repeat(10)}`, value: `一${'😀'.repeat(9)}…` },
  { field: 'short_thing2', content: '主题党日', value: '主题党日' },
  { field: 'short_thing2', content: '支部党员大会', value: '支部党员大' },
  { field: 'short_thing2', content: '一二😀😀', value: '一二😀' },
  { field: 'phrase3', content: '党课（A）、学习', value: '党课学习' },
  { field: 'phrase3', content: '组织生活会会', value: '组织生活会' },
  { field: 'phrase3', content: 'A', value: '' },
  { field: 'character_string4', content: 'No. 3 会议室', value: 'No. 3 ' },
  { field: 'time5', content: monday, value: '2026年11月9日 08:30' },
  { field: 'date06', content: monday, value: '2026年11月9日 08:30' },
  { field: 'character_string4', content: monday, value: '2026-11-09 08:30' },
  { field: 'thing7', content: monday, value: '2026年11月9日 08:30' },
])('$field takes 「$content」 as 「$value」', ({ field, content, value }) => {
  expect(fieldValue(field, content)).toBe(value)
})

test('nothing that it makes is longer than it says, or holds half a character', () => {
  for (const [field, most] of [
    ['thing1', 20],
    ['short_thing1', 5],
    ['phrase1', 5],
    ['character_string1', 32],
  ] as const) {
    for (let length = 0; length < 60; length += 1) {
      const value = fieldValue(field, Array.from('学😀a '.repeat(length)).slice(0, length).join(''))
      expect(value.length).toBeLessThanOrEqual(most)
      expect(value).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
    }
  }
})

test('a field of another kind is not known', () => {
  expect(() => fieldValue('car_number1', '京A')).toThrow(RangeError)
})

test.each([
  { name: 'thing1', isText: true, isTime: true },
  { name: 'phrase12', isText: true, isTime: false },
  { name: 'time2', isText: false, isTime: true },
  { name: 'date3', isText: false, isTime: true },
  { name: 'character_string4', isText: false, isTime: true },
  { name: 'thing', isText: false, isTime: false },
  { name: 'thing123', isText: false, isTime: false },
  { name: 'name1', isText: false, isTime: false },
  { name: 'xthing1', isText: false, isTime: false },
])('$name: words $isText, a moment $isTime', ({ name, isText, isTime }) => {
  expect(v.is(textFieldSchema, name)).toBe(isText)
  expect(v.is(timeFieldSchema, name)).toBe(isTime)
})
