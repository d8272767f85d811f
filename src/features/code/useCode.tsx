import { useEffect, useState } from 'react'
import { phaseOf } from '#domain/check-in-window'
import type { Week } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { branchScope, reviewScope } from '#domain/scopes'
import { codeAt, codePeriodMs } from '#domain/totp'
import { isHeld } from '#domain/weekly-study'
import type { SignedIn } from '#workspace'
import type { CodeScreen } from './CodeView'

/** Everything is worked out here, by the server's clock as this phone knows it. */
export function useCode({ replica, connection }: SignedIn, branchId: BranchId, week: Week): CodeScreen {
  const now = useEachSecond(() => replica.now())
  const study = replica.get(branchScope(branchId), 'weekly-study', week)
  const isComing = !replica.isFilled && connection !== 'offline'
  if (study === undefined) return { state: isComing ? 'loading' : 'no-study' }
  if (!isHeld(study)) return { state: 'no-study' }

  const phase = phaseOf(study, now)
  if (phase === 'upcoming') return { state: 'upcoming', study }
  if (phase === 'ended') return { state: 'ended' }

  const secret = replica.get(reviewScope(branchId), 'study-code', week)?.secret
  if (secret === undefined) return { state: isComing ? 'loading' : 'no-code' }
  return {
    state: 'shown',
    study,
    code: codeAt(secret, now),
    secondsLeft: Math.ceil((codePeriodMs - (now % codePeriodMs)) / 1000),
  }
}

/** Draws anew as each second of this clock begins; a late timer is caught up with. */
function useEachSecond(clock: () => number): number {
  const [, setTimes] = useState(0)
  const now = clock()
  useEffect(() => {
    const timer = setTimeout(() => setTimes((times) => times + 1), 1000 - (now % 1000))
    return () => clearTimeout(timer)
  })
  return now
}
