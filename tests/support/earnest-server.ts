import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { buildApp } from '#server/app'
import { runJobs } from '#server/jobs/run-jobs'
import { createOrganization } from '#server/organization'
import { type Database, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { freshDatabase } from './database'
import { type FakeWechat, fakeWechat, wechatAccount } from './fake-wechat'

export interface EarnestServer {
  readonly url: string
  readonly database: Database
  readonly wechat: FakeWechat
  /** What the operator hands the first admin. */
  readonly adminInvitation: string
  /** Lets the server's time run on from this moment; the phones follow it. */
  setTime(instant: number): void
  close(): Promise<void>
}

/** A server in earnest, empty but for an organisation and its admin, with WeChat on loopback and the
 *  built H5 app, whose day a test may choose. */
export async function earnestServer(at: number): Promise<EarnestServer> {
  let ahead = at - Date.now()
  const now = () => Date.now() + ahead
  const { url: databaseUrl, drop } = await freshDatabase()
  const database = openDatabase(databaseUrl)
  await migrate(database)
  const { invitation } = await createOrganization(
    database,
    { name: '市科协机关党委', admin: '陶静', number: 'J001' },
    now(),
  )
  const wechat = await fakeWechat({ now })
  const { appId, secret, token, encodingAesKey: aesKey } = wechatAccount
  const app = await buildApp({
    database,
    now,
    isDemo: false,
    isLoopback: true,
    site: path.resolve('dist/h5'),
    logLevel: 'silent',
    publicUrl: 'https://study.example.org',
    wechat: {
      appId,
      secret,
      baseUrl: wechat.url,
      secretKey: Buffer.alloc(32, 7),
      push: { token, aesKey },
      isCloud: false,
    },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const stopJobs = runJobs(database, now, app.log)
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, // it listens on TCP
    database,
    wechat,
    adminInvitation: invitation,
    setTime(instant) {
      ahead = instant - Date.now()
    },
    async close() {
      await stopJobs()
      await app.close()
      await database.close()
      await wechat.close()
      await drop()
    },
  }
}
