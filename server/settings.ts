import * as v from 'valibot'

const flag = v.optional(v.picklist(['0', '1']))

const environmentSchema = v.object({
  PORT: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65_535)), '8787'),
  HOST: v.optional(v.string(), '127.0.0.1'),
  DATABASE_URL: v.optional(v.pipe(v.string(), v.startsWith('postgres'))),
  DATA_DIR: v.optional(v.string(), './data'),
  DEMO: flag,
  TRUST_PROXY: v.optional(v.pipe(v.string(), v.regex(/^\d$/), v.transform(Number)), '0'),
  LOG_LEVEL: v.optional(v.picklist(['fatal', 'error', 'warn', 'info', 'debug', 'silent']), 'info'),
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
  }
}
