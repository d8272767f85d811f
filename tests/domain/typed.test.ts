import { clockFrom, dayFrom } from '#domain/typed'

test.each([
  ['2027-02-06', '2027-02-06'],
  ['2027年2月6日', '2027-02-06'],
  ['2月6日', '2027-02-06'],
  [' 2-6 ', '2027-02-06'],
  ['2.6', '2027-02-06'],
  ['02/06', '2027-02-06'],
  ['2月6日（星期六）', '2027-02-06'],
  ['2028-01-01', '2028-01-01'],
  ['2月30日', undefined],
  ['2月29日', undefined],
  ['13-1', undefined],
  ['春节', undefined],
  ['', undefined],
])('the day 「%s」 is read as %s', (words, day) => {
  expect(dayFrom(words, 2027)).toBe(day)
})

test.each([
  ['08:30', '08:30'],
  ['8:30', '08:30'],
  ['8：30', '08:30'],
  ['0830', '08:30'],
  ['830', '08:30'],
  [' 23:59 ', '23:59'],
  ['24:00', undefined],
  ['8:60', undefined],
  ['8', undefined],
  ['八点半', undefined],
  ['', undefined],
])('the clock 「%s」 is read as %s', (words, clock) => {
  expect(clockFrom(words)).toBe(clock)
})
