import { startEmbeddedPostgres } from '#server/storage/embedded-postgres'

/** A server that does nothing but own the database in the folder it is given, until it is killed. */
async function main(dataDir = ''): Promise<void> {
  const { url } = await startEmbeddedPostgres({ dataDir })
  console.log(url)
}

main(process.argv[2]).catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
