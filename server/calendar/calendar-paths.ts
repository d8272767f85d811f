import { createHmac, timingSafeEqual } from 'node:crypto'
import type { BranchId } from '#domain/ids'
import type { Database } from '../storage/database'
import { secretOf } from '../storage/server-state'

/** A calendar app cannot sign in: whoever has a branch's path may read its calendar. The path ends in the first
 *  128 bits of HMAC-SHA256 over the branch, by a key that is for nothing else. */
export class CalendarPaths {
  private constructor(private readonly key: string) {}

  static async open(database: Database): Promise<CalendarPaths> {
    return new CalendarPaths(await secretOf(database, 'calendar-path-key'))
  }

  pathOf(branchId: BranchId): string {
    return `/v1/calendar/${branchId}/${this.fileOf(branchId)}`
  }

  /** As text: two texts can stand for the same bytes. */
  isOf(branchId: BranchId, file: string): boolean {
    const [given, ours] = [Buffer.from(file), Buffer.from(this.fileOf(branchId))]
    return given.length === ours.length && timingSafeEqual(given, ours)
  }

  private fileOf(branchId: BranchId): string {
    const mac = createHmac('sha256', this.key).update(branchId).digest()
    return `${mac.subarray(0, 16).toString('base64url')}.ics`
  }
}
