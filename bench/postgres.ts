import startTestPostgres from '#support/postgres-setup'
import stopTestPostgres from '#support/postgres-teardown'

/** The PostgreSQL of the tests: what is counted on it does not depend on its speed. */
export async function withTestPostgres(work: () => Promise<void>): Promise<void> {
  await startTestPostgres()
  try {
    await work()
  } finally {
    await stopTestPostgres()
  }
}
