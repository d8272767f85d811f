/** CouchDB's protocol by express-pouchdb, on LevelDB in the folder it is started with. Nobody signs
 *  in. PouchDB asks LevelDB for no sync: what it acknowledges may go with the power. */

import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb-node'

const { FOLDER, HOST, PORT } = process.env

const Kept = PouchDB.defaults({ prefix: `${FOLDER}/` })
const app = expressPouchDB(Kept, {
  mode: 'minimumForPouchDB',
  inMemoryConfig: true,
  logPath: `${FOLDER}/log.txt`,
})
await new Kept('checkins').info()
app.listen(Number(PORT), HOST, () => console.log('express-pouchdb is ready'))
