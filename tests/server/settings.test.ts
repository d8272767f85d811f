import { settingsFrom } from '#server/settings'

const database = 'postgres://study:geheim@db.example/study'

test('with nothing set it is a demo on this machine alone', () => {
  expect(settingsFrom({})).toEqual({
    port: 8787,
    host: '127.0.0.1',
    databaseUrl: undefined,
    dataDir: './data',
    demo: 'by-data',
    logLevel: 'info',
    trustProxy: 0,
    publicUrl: undefined,
    wechat: undefined,
    limits: { perSession: 300, perAddress: 30_000 },
    metricsToken: undefined,
    reminderMinutes: 60,
    about: { filingNumber: undefined, icpNumber: undefined, contact: undefined },
  })
})

test.each([
  { environment: {}, demo: 'by-data' },
  { environment: { HOST: 'localhost' }, demo: 'by-data' },
  { environment: { HOST: '::1' }, demo: 'by-data' },
  { environment: { HOST: '0.0.0.0' }, demo: 'no' },
  { environment: { HOST: '192.168.1.7' }, demo: 'no' },
  { environment: { HOST: 'localhost.example' }, demo: 'no' },
  { environment: { DATABASE_URL: database }, demo: 'no' },
  { environment: { DATABASE_URL: database, HOST: '0.0.0.0' }, demo: 'no' },
  { environment: { DEMO: '0' }, demo: 'no' },
  { environment: { DEMO: '1', HOST: '0.0.0.0' }, demo: 'yes' },
  { environment: { DEMO: '1', DATABASE_URL: database }, demo: 'yes' },
])('$environment → a demo: $demo', ({ environment, demo }) => {
  expect(settingsFrom(environment).demo).toBe(demo)
})

test.each([
  { PORT: 'http' },
  { PORT: '' },
  { PORT: '-1' },
  { PORT: '70000' },
  { PORT: '80.5' },
  { DEMO: 'yes' },
  { DEMO: 'true' },
  { LOG_LEVEL: 'loud' },
  { TRUST_PROXY: 'true' },
  { TRUST_PROXY: '10.0.0.1' },
  { DATABASE_URL: 'mysql://study:geheim@db.example/study' },
  { DATABASE_URL: 'study:geheim@db.example' },
  { DATABASE_URL: '' },
  { PUBLIC_URL: 'study.example.org' },
  { WECHAT_APP_ID: 'touristappid' },
  { WECHAT_CLOUD: 'yes' },
  { WECHAT_PUSH_AES_KEY: 'short' },
  { SECRET_KEY: 'geheim' },
  { METRICS_TOKEN: 'short' },
  { REMINDER_MINUTES: '4' },
  { REMINDER_MINUTES: '1441' },
  { REMINDER_MINUTES: 'an hour' },
  { WECHAT_REMINDER_TEMPLATE: 'short' },
  { WECHAT_REMINDER_FIELDS: 'what:thing1' },
  { WECHAT_REMINDER_FIELDS: 'what:time1,when:time2' },
  { WECHAT_REMINDER_FIELDS: 'what:thing1,when:time2,who:name3' },
])('%o is turned down with the name of the setting, and without a password', (environment) => {
  const [name = ''] = Object.keys(environment)
  expect(() => settingsFrom(environment)).toThrow(
    new RegExp(`^The setting ${name}(\\.\\w+)? is wrong: .+Correct it and start again`),
  )
  expect(() => settingsFrom(environment)).not.toThrow(/geheim/)
})

describe('WeChat', () => {
  const account = {
    WECHAT_APP_ID: 'wx0123456789abcdef',
    WECHAT_APP_SECRET: 'geheim',
    SECRET_KEY: Buffer.alloc(32).toString('base64'),
  }

  test('is there when all it needs is', () => {
    expect(settingsFrom(account).wechat).toMatchObject({
      appId: account.WECHAT_APP_ID,
      baseUrl: 'https://api.weixin.qq.com',
      isCloud: false,
      push: undefined,
    })
    expect(settingsFrom({ ...account, WECHAT_CLOUD: '1' }).wechat?.isCloud).toBe(true)
  })

  test.each(['WECHAT_APP_SECRET', 'SECRET_KEY'])('without %s is turned down, not half there', (name) => {
    const { [name]: _, ...rest } = { ...account } as Record<string, string>
    expect(() => settingsFrom(rest)).toThrow(name)
    expect(() => settingsFrom(rest)).not.toThrow(/geheim/)
  })

  const template = 'ReminderTemplate_0123456789abcdefghijklmn'
  const fields = 'what:thing1, when:time2,where:thing3'

  test('reminds only with a template, and where its words go', () => {
    expect(settingsFrom(account).wechat?.reminders).toBeUndefined()
    const set = { ...account, WECHAT_REMINDER_TEMPLATE: template, WECHAT_REMINDER_FIELDS: fields }
    expect(settingsFrom(set).wechat?.reminders).toEqual({
      templateId: template,
      fields: { what: 'thing1', when: 'time2', where: 'thing3' },
    })
    expect(settingsFrom({ ...set, REMINDER_MINUTES: '30' }).reminderMinutes).toBe(30)
  })

  test.each([{ WECHAT_REMINDER_TEMPLATE: template }, { WECHAT_REMINDER_FIELDS: fields }])(
    'half of a template is turned down: %o',
    (half) => {
      expect(() => settingsFrom({ ...account, ...half })).toThrow('need each other')
    },
  )

  test('the headers of its hosting are trusted only by setting', () => {
    expect(() => settingsFrom({ WECHAT_CLOUD: '1' })).toThrow('WECHAT_APP_ID')
  })
})

test('what else the environment holds does not matter', () => {
  expect(settingsFrom({ HOME: '/root', npm_config_port: '1', PORT: '9000' })).toMatchObject({ port: 9000 })
})
