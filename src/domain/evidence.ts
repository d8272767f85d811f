/** When an act can have happened. The server proves the two ends: its last contact with the phone
 *  before the act existed, and the moment it arrived. The phone only claims. */
export interface TimeEvidence {
  readonly earliest: number
  readonly receivedAt: number
  readonly claimedAt: number
}

/** What the phone claims, as far as it is possible. */
export const believable = ({ earliest, receivedAt, claimedAt }: TimeEvidence): number =>
  Math.min(Math.max(claimedAt, earliest), receivedAt)

/** An act seen as it happens, with signal. */
export const happeningAt = (now: number): TimeEvidence => ({ earliest: now, receivedAt: now, claimedAt: now })
