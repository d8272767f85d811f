/** What of the app stands on storage, in one bundle: its errors are then of one making. */
export { wxStorage } from '#platform/wx-storage'
export { Replica } from '#sync/replica'
