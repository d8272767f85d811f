const shared = globalThis as typeof globalThis & { stopTestPostgres?: () => Promise<void> }

export default async function stopTestPostgres(): Promise<void> {
  const stop = shared.stopTestPostgres
  delete shared.stopTestPostgres
  delete process.env.TEST_DATABASE_URL
  await stop?.()
}
