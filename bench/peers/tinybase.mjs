/** What travels when one check-in of a year is added to a store that TinyBase's server keeps: prints
 *  `{ up, down }`, bytes on the client's socket, after everything else has come to rest. */

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createMergeableStore } from 'tinybase'
import { createFilePersister } from 'tinybase/persisters/persister-file'
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client'
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server'
import { WebSocket, WebSocketServer } from 'ws'

const { FOLDER } = process.env
const restMs = 1_000

const line = (week) => ({
  week: `1900-W${week}`,
  branchId: 'branch-of-many',
  memberId: 'member-1-of-branch-1',
  standing: 'on-time',
  via: 'own',
  source: 'on-site',
  earliest: Date.now() - 25_000,
  claimedAt: Date.now(),
  receivedAt: Date.now(),
  isLateSync: false,
  isBackfilled: false,
  isAmended: false,
  version: 1,
})

const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
await once(sockets, 'listening')
const server = createWsServer(sockets, (path) =>
  createFilePersister(createMergeableStore(), `${FOLDER}/tinybase-${path}.json`),
)
const socket = new WebSocket(`ws://127.0.0.1:${sockets.address().port}/member`)
const store = createMergeableStore()
const synchronizer = await createWsSynchronizer(store, socket)
await synchronizer.startSync()
for (let week = 1; week < 52; week += 1) store.setRow('lines', `1900-W${week}`, line(week))
await sleep(restMs)

const before = { up: socket._socket.bytesWritten, down: socket._socket.bytesRead }
store.setRow('lines', '1900-W52', line(52))
await sleep(restMs)
const { bytesWritten, bytesRead } = socket._socket
console.log(JSON.stringify({ up: bytesWritten - before.up, down: bytesRead - before.down }))

await synchronizer.destroy()
await server.destroy()
sockets.close()
