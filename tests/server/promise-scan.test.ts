import { isDenial, measures, textsIn, tracks } from '../support/promise-scan'

// What the proofs of the promises stand on: a scan that lets one of these pass proves nothing.

const inFile = (source: string, file = 'src/features/x/XView.tsx') =>
  measures(textsIn(file, { names: true, source }))

test.each([
  ...[
    'onlineTime',
    'readingSeconds',
    'reading_time',
    'timeSpent',
    'sessionDuration',
    'duration',
    'currentStreak',
  ],
  ...[
    'rank',
    'ranking',
    'totalScore',
    'points',
    'leaderboard',
    'checkInCount',
    'check-in-count',
    'readingHours',
  ],
  ...['consecutiveUnexplainedAbsences', 'consecutiveWeeks', 'ReadingSeconds', 'STUDY_MINUTES'],
])('a field called %s', (text) => {
  expect(measures([{ where: 'record x', text }])).toHaveLength(1)
  expect(inFile(`export const a = { ${JSON.stringify(text)}: 1 }`)).toHaveLength(1)
})

test.each([
  ...[
    '在线时长 3 小时',
    '本周阅读时长',
    '学习时长',
    '您的积分',
    '排行榜',
    '支部内排名第 3',
    '已连续签到 5 周',
    '今日打卡',
  ],
  ...['累计在线时间', '学时排名'],
])('a screen that says %s', (words) => {
  expect(inFile(`const a = <Text>${words}</Text>`)).toHaveLength(1)
  expect(inFile(`const a = <Row title="${words}" />`)).toHaveLength(1)
  expect(inFile(`const a = \`\${b}${words}\``)).toHaveLength(1)
})

test('a denial in another file, or in other words', () => {
  expect(inFile(`const a = '不打卡、不排名、不计时的承诺'`).filter((each) => !isDenial(each))).toHaveLength(1)
  const file = 'src/features/public/PromisesView.tsx'
  expect(inFile(`const a = '不排名、不积分'`, file).filter((each) => !isDenial(each))).toHaveLength(1)
})

test('nothing in what is allowed', () => {
  const source = `const a = { studyHours: 1, appointments: [], endpoint: '', words: '学时 2' } // 打卡`
  expect(inFile(source)).toEqual([])
  expect(inFile('const consecutiveUnexplainedAbsences = 2', 'src/domain/review.ts')).toEqual([])
  expect(inFile('const consecutiveUnexplainedAbsences = 2', 'src/features/home/HomeView.tsx')).toHaveLength(1)
})

test.each(['latitude', 'photoUrl', 'geoHash', 'checkInLocation', 'faceImage', 'trackPoints'])(
  'a field called %s, on the map',
  (text) => {
    expect(tracks([{ where: 'record x', text }])).toHaveLength(1)
  },
)
