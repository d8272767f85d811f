/** Parse Server on the same PostgreSQL as ours, with its answer to a request that comes twice. It
 *  takes classes as they come and logs nothing; everything else is as it is given out. */

import { ParseServer } from 'parse-server'

const { DATABASE_URL, HOST, PORT } = process.env

await ParseServer.startApp({
  databaseURI: DATABASE_URL,
  appId: 'bench',
  masterKey: 'only on loopback',
  serverURL: `http://${HOST}:${PORT}/parse`,
  mountPath: '/parse',
  host: HOST,
  port: Number(PORT),
  allowClientClassCreation: true,
  idempotencyOptions: { paths: ['.*'], ttl: 300 },
  silent: true,
  logsFolder: null,
})
console.log('Parse Server is ready')
