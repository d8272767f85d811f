import * as v from 'valibot'
import { textFieldSchema, timeFieldSchema } from './wechat/template-fields'

/** Requests a minute; 0 = without limit. */
export interface RequestLimits {
  /** Synchronisations of one session. */
  readonly perSession: number
  /** From one address: a hall full of phones shares one. */
  readonly perAddress: number
}
export const defaultLimits: RequestLimits = { perSession: 300, perAddress: 30_000 }

const flag = v.optional(v.picklist(['0', '1']))

const secretText = v.optional(v.pipe(v.string(), v.minLength(1)))
/** A slot of the About page, filled in once the number has been granted. */
const slot = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(60)))

const perMinute = (usual: number) =>
  v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)), String(usual))

const reminderFieldsSchema = v.strictObject({
  /** 「周汇朝学」「主题党日」 */
  what: textFieldSchema,
  when: timeFieldSchema,
  where: v.optional(textFieldSchema),
  note: v.optional(textFieldSchema),
})
/** 「what:thing1,when:time2,where:thing3」: which field of the template says what. */
const reminderFields = v.pipe(
  v.string(),
  v.transform((text) => Object.fromEntries(text.split(',').map((part) => part.trim().split(':', 2)))),
  reminderFieldsSchema,
)

const environmentSchema = v.object({
  PORT: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65_535)), '8787'),
  HOST: v.optional(v.string(), '127.0.0.1'),
  DATABASE_URL: v.optional(v.pipe(v.string(), v.startsWith('postgres'))),
  DATA_DIR: v.optional(v.string(), './data'),
  DEMO: flag,
  TRUST_PROXY: v.optional(v.pipe(v.string(), v.regex(/^\d$/), v.transform(Number)), '0'),
  LOG_LEVEL: v.optional(v.picklist(['fatal', 'error', 'warn', 'info', 'debug', 'silent']), 'info'),
  PUBLIC_URL: v.optional(
    v.pipe(
      v.string(),
      v.url(),
      v.transform((text) => text.replace(/\/+$/, '')),
    ),
  ),
  WECHAT_APP_ID: v.optional(v.pipe(v.string(), v.regex(/^wx[0-9a-f]{16}$/))),
  WECHAT_APP_SECRET: secretText,
  WECHAT_BASE_URL: v.optional(v.pipe(v.string(), v.url()), 'https://api.weixin.qq.com'),
  WECHAT_PUSH_TOKEN: secretText,
  WECHAT_PUSH_AES_KEY: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{43}$/))),
  WECHAT_REMINDER_TEMPLATE: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{20,64}$/))),
  WECHAT_REMINDER_FIELDS: v.optional(reminderFields),
  REMINDER_MINUTES: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/),
      v.transform(Number),
      v.minValue(5, 'it must be 5 at least'),
      v.maxValue(1440, 'it must be 1440 at most'),
    ),
    '60',
  ),
  WECHAT_CLOUD: flag,
  SECRET_KEY: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => Buffer.from(text, 'base64').length === 32, 'it must be 32 bytes in base64'),
    ),
  ),
  METRICS_TOKEN: v.optional(v.pipe(v.string(), v.minLength(16))),
  RATE_LIMIT_SESSION_PER_MINUTE: perMinute(defaultLimits.perSession),
  RATE_LIMIT_ADDRESS_PER_MINUTE: perMinute(defaultLimits.perAddress),
  ABOUT_FILING_NUMBER: slot,
  ABOUT_ICP_NUMBER: slot,
  ABOUT_CONTACT: slot,
})

export interface Settings {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** People come in by picking a name: only for trying out. `by-data`: nobody said, so it is one
   *  unless the database holds a real organisation. */
  readonly demo: 'yes' | 'no' | 'by-data'
  readonly logLevel: string
  /** How many proxies stand before the server, whose word on a phone's address is taken. */
  readonly trustProxy: number
  /** Where people reach the H5 app, for the link in an invitation. */
  readonly publicUrl: string | undefined
  readonly wechat: WechatSettings | undefined
  /** Whoever shows it may read /metrics; without it there is no such page. */
  readonly metricsToken: string | undefined
  readonly about: AboutSlots
  readonly limits: RequestLimits
  /** How long before it begins people are reminded of a study or a meeting. */
  readonly reminderMinutes: number
}

/** The template that people agree to be sent, once for each agreement. */
export interface ReminderTemplate {
  readonly templateId: string
  /** Which of its fields says what. */
  readonly fields: v.InferOutput<typeof reminderFieldsSchema>
}

export interface WechatSettings {
  readonly appId: string
  readonly secret: string
  readonly baseUrl: string
  /** Encrypts what WeChat trusts us with; it is not in the database. */
  readonly secretKey: Buffer
  /** Of the message push, where it is set up. */
  readonly push: { readonly token: string; readonly aesKey: string } | undefined
  /** 学习前提醒, where the organisation has a template for it. */
  readonly reminders?: ReminderTemplate | undefined
  /** Behind WeChat's own hosting with public access closed: the platform says who asks. */
  readonly isCloud: boolean
}

export interface AboutSlots {
  readonly filingNumber: string | undefined
  readonly icpNumber: string | undefined
  readonly contact: string | undefined
}

export const isLoopback = (host: string) => host === '127.0.0.1' || host === '::1' || host === 'localhost'

/** @throws with words on what to set right */
export function settingsFrom(environment: NodeJS.ProcessEnv): Settings {
  const parsed = v.safeParse(environmentSchema, environment)
  if (!parsed.success) {
    const issue = parsed.issues[0]
    throw new Error(
      `The setting ${v.getDotPath(issue) ?? '?'} is wrong: ${issue.message}. Correct it and start again.`,
    )
  }
  const { PORT, HOST, DATABASE_URL, DATA_DIR, DEMO, LOG_LEVEL, TRUST_PROXY } = parsed.output
  return {
    port: PORT,
    host: HOST,
    databaseUrl: DATABASE_URL,
    dataDir: DATA_DIR,
    demo:
      DEMO === '1'
        ? 'yes'
        : DEMO === '0' || !isLoopback(HOST) || DATABASE_URL !== undefined
          ? 'no'
          : 'by-data',
    logLevel: LOG_LEVEL,
    trustProxy: TRUST_PROXY,
    publicUrl: parsed.output.PUBLIC_URL,
    wechat: wechatFrom(parsed.output),
    metricsToken: parsed.output.METRICS_TOKEN,
    about: {
      filingNumber: parsed.output.ABOUT_FILING_NUMBER,
      icpNumber: parsed.output.ABOUT_ICP_NUMBER,
      contact: parsed.output.ABOUT_CONTACT,
    },
    limits: {
      perSession: parsed.output.RATE_LIMIT_SESSION_PER_MINUTE,
      perAddress: parsed.output.RATE_LIMIT_ADDRESS_PER_MINUTE,
    },
    reminderMinutes: parsed.output.REMINDER_MINUTES,
  }
}

/** All that WeChat's sign-in needs, or none of it. */
function wechatFrom(environment: v.InferOutput<typeof environmentSchema>): WechatSettings | undefined {
  const { WECHAT_APP_ID: appId, WECHAT_APP_SECRET: secret, SECRET_KEY: key } = environment
  if (appId === undefined) {
    if (environment.WECHAT_CLOUD === '1') throw new Error('WECHAT_CLOUD needs WECHAT_APP_ID. Set it too.')
    return undefined
  }
  if (secret === undefined || key === undefined) {
    throw new Error('WECHAT_APP_ID needs WECHAT_APP_SECRET and SECRET_KEY. Set them too.')
  }
  const { WECHAT_REMINDER_TEMPLATE: templateId, WECHAT_REMINDER_FIELDS: fields } = environment
  if ((templateId === undefined) !== (fields === undefined))
    throw new Error('WECHAT_REMINDER_TEMPLATE and WECHAT_REMINDER_FIELDS need each other. Set both.')
  const { WECHAT_PUSH_TOKEN: token, WECHAT_PUSH_AES_KEY: aesKey } = environment
  return {
    appId,
    secret,
    baseUrl: environment.WECHAT_BASE_URL.replace(/\/+$/, ''),
    secretKey: Buffer.from(key, 'base64'),
    push: token === undefined || aesKey === undefined ? undefined : { token, aesKey },
    reminders: templateId === undefined || fields === undefined ? undefined : { templateId, fields },
    isCloud: environment.WECHAT_CLOUD === '1',
  }
}
