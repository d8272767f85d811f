import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import serveStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { Accounts } from './account/account'
import { Admission } from './admission'
import { CalendarPaths } from './calendar/calendar-paths'
import { Exports } from './exports/exports'
import { type Render, render as renderHere } from './exports/render'
import { accountRoutes } from './http/account-routes'
import { calendarPathRoutes, calendarRoutes } from './http/calendar-routes'
import { clientErrorRoutes } from './http/client-error-routes'
import { compressAnswers } from './http/compression'
import { sayLittle } from './http/data-headers'
import { demoRoutes } from './http/demo-routes'
import { exportRoutes } from './http/export-routes'
import { healthRoutes } from './http/health-routes'
import { measure } from './http/metrics'
import { peopleRoutes } from './http/people-routes'
import { answerProblems } from './http/problems'
import { reminderRoutes } from './http/reminder-routes'
import { rosterRoutes } from './http/roster-routes'
import { requireSession } from './http/session-plugin'
import { signInRoutes, signOutRoutes } from './http/session-routes'
import { admit, syncRoutes } from './http/sync-routes'
import { asJsonSchema, validateWithValibot } from './http/validation'
import { defaultWatchLimits, type WatchLimits, watchRoutes } from './http/watch-routes'
import { wechatPushRoutes } from './http/wechat-routes'
import { welcomeRoutes } from './http/welcome-routes'
import { Sessions } from './sessions'
import { type AboutSlots, defaultLimits, type RequestLimits, type WechatSettings } from './settings'
import type { Database } from './storage/database'
import { syncStore } from './storage/sync-store'
import { Exchange } from './sync/exchange'
import { tellingStore } from './watch/telling-store'
import { Watchers } from './watch/watchers'
import { openWechat } from './wechat/wechat'

export interface AppOptions {
  readonly database: Database
  readonly now: () => number
  readonly isDemo: boolean
  /** False only when somebody asked for the demo on an address that others reach. */
  readonly isLoopback: boolean
  /** The folder of the built H5 app, or undefined to serve the API alone. */
  readonly site?: string
  readonly logLevel?: string
  readonly trustProxy?: number
  readonly publicUrl?: string | undefined
  readonly wechat?: WechatSettings | undefined
  readonly metricsToken?: string | undefined
  readonly about?: AboutSlots | undefined
  readonly limits?: RequestLimits | undefined
  /** How long before it begins people are reminded of a study or a meeting. */
  readonly reminderMinutes?: number
  readonly watches?: WatchLimits
  /** Who packs the files that are exported; else this thread does. */
  readonly render?: Render
  /** Where the log goes instead of to the standard output: for a test that reads it. */
  readonly logStream?: { write(line: string): void }
}

const isForApp = (request: FastifyRequest) => request.url.startsWith('/v1/')

/** Without what follows the path. That of a calendar lets its reader in. */
const urlInLog = (url: string) => url.replace(/\?.*$/s, '').replace(/^(\/v1\/calendar\/[^/]*\/).*$/s, '$1…')

const unsaid = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }

export async function buildApp({
  database,
  now,
  isDemo,
  isLoopback,
  site,
  logLevel,
  trustProxy = 0,
  publicUrl,
  wechat: wechatSettings,
  metricsToken,
  about,
  limits = defaultLimits,
  reminderMinutes: minutesBefore = 60,
  watches = defaultWatchLimits,
  render = renderHere,
  logStream,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    // The phone names its request, so that what it saw can be found in the log.
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && /^[a-z0-9]{8,40}$/.test(given) ? given : randomUUID()
    },
    bodyLimit: 4 * 1024,
    trustProxy: (_address, hop) => hop < trustProxy,
    forceCloseConnections: 'idle',
    logger: {
      level: logLevel ?? 'info',
      ...(logStream === undefined ? {} : { stream: logStream }),
      // Ids, codes and counts only. What a person wrote, and what lets them in, never reaches a log.
      redact: ['req.headers.authorization', 'req.headers.cookie', 'req.body', 'res.headers["set-cookie"]'],
      serializers: {
        req: (request) => ({ method: request.method, url: urlInLog(request.url) }),
        err: (error: Error & { code?: string }) => ({
          type: error.name,
          code: error.code,
          message: '',
          stack: (error.stack ?? '')
            .split('\n')
            .filter((line) => /^\s+at /.test(line))
            .slice(0, 8)
            .join('\n'),
        }),
      },
    },
  })
  validateWithValibot(app)
  answerProblems(app)
  const sessions = await Sessions.open(database, now)
  const wechat = wechatSettings && (await openWechat(database, wechatSettings, now))
  const calendar = { database, paths: await CalendarPaths.open(database), minutesBefore, now }
  if (metricsToken !== undefined) measure(app, database, metricsToken)
  app.addHook('onSend', (request, reply, _payload, done) => {
    // A phone that named its request knows the name.
    if (request.headers['x-request-id'] !== request.id) reply.header('x-request-id', request.id)
    if (isForApp(request)) sayLittle(request, reply)
    done()
  })

  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"], // Taro writes style attributes
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        frameAncestors: ["'self'"],
        upgradeInsecureRequests: null, // the demo is served on loopback without TLS
      },
    },
    frameguard: { action: 'sameorigin' },
    hsts: !isDemo,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!isForApp(request)) await reply.helmet()
  })
  await app.register(rateLimit, {
    global: true,
    // A hall full of phones shares one address, so this only stops a flood; who is signed in is
    // counted by session, and the app's own files are not counted at all.
    max: limits.perAddress,
    timeWindow: 60_000,
    allowList: (request) => limits.perAddress === 0 || !isForApp(request),
    // Whoever asks too often is told so; nobody counts down what is left.
    addHeaders: unsaid,
    addHeadersOnExceeding: unsaid,
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: '周汇朝学', version: process.env.npm_package_version ?? '0.1.0' },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
    },
    transform: ({ schema, url }) => ({ schema: asJsonSchema({ ...schema }), url }),
  })

  await app.register(async (open) => {
    healthRoutes(open, { database })
    welcomeRoutes(open, { database, isDemo, about, hasWechat: wechat !== undefined, now })
    signInRoutes(open, { database, sessions, wechat, now })
    clientErrorRoutes(open)
    calendarRoutes(open, calendar)
    if (isDemo) await open.register(async (demo) => demoRoutes(demo, { sessions, checksHost: isLoopback }))
    open.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger())
  })
  await app.register(async (signedIn) => {
    const admission = new Admission({ room: 1_024, now: () => performance.now(), random: Math.random })
    admit(signedIn, admission)
    requireSession(signedIn, sessions)
    const store = syncStore(database)
    const watchers = new Watchers({
      heads: store.heads,
      room: watches.room,
      onFailure: ({ name, code }) => app.log.error({ type: name, code }, 'could not look for what is new'),
    })
    await signedIn.register(async (large) => {
      compressAnswers(large)
      syncRoutes(large, {
        exchange: new Exchange(tellingStore(store, (scopes) => watchers.written(scopes))),
        admission,
        now,
        requestsPerMinute: limits.perSession,
      })
    })
    watchRoutes(signedIn, {
      database,
      sessions,
      watchers,
      now,
      limits: watches,
      requestsPerMinute: limits.perSession,
    })
    signOutRoutes(signedIn, { sessions })
    accountRoutes(signedIn, { database, accounts: new Accounts(database, sessions, now), now })
    await rosterRoutes(signedIn, { database, now })
    const exports = new Exports({
      database,
      now,
      render,
      onFailure: ({ name, stack }) => app.log.error({ type: name, stack }, 'a file could not be made'),
    })
    app.addHook('onClose', () => exports.stop())
    exportRoutes(signedIn, { exports })
    calendarPathRoutes(signedIn, calendar)
    reminderRoutes(signedIn, {
      database,
      accounts: wechat?.accounts,
      templateId: wechatSettings?.reminders?.templateId,
      minutesBefore,
      now,
    })
    peopleRoutes(signedIn, { database, now, paths: { publicUrl, wechat: wechat?.api } })
  })
  const push = wechat?.push
  if (wechat !== undefined && push !== undefined) {
    await app.register(async (told) =>
      wechatPushRoutes(told, { database, accounts: wechat.accounts, push, now }),
    )
  }
  if (site !== undefined && existsSync(site)) {
    await app.register(serveStatic, {
      root: site,
      cacheControl: false,
      preCompressed: true, // what the build has packed goes out so
      setHeaders(reply, path) {
        reply.setHeader('vary', 'accept-encoding')
        // Names with a hash never change; the others must be asked for each time.
        const isNamedByContent = /\.[0-9a-f]{8,}\.(js|css)(\.br|\.gz)?$/.test(path)
        reply.setHeader(
          'cache-control',
          isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
        )
      },
    })
  }
  return app
}
