import { useState } from 'react'
import { dayOf } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import { stateOf } from '#domain/plan-progress'
import { organizationScope, totalsScope } from '#domain/scopes'
import type { SignedIn } from '#workspace'
import type { ProgressScreen } from './ProgressView'

/** Of this year, as far as the branches have come. */
export function useProgress({ replica }: SignedIn, organizationId: OrganizationId): ProgressScreen {
  const today = dayOf(replica.now())
  const year = Number(today.slice(0, 4))
  const plan = replica.get(organizationScope(organizationId), 'study-plan', String(year))
  const phases = plan?.phases.filter(({ topics }) => topics.length > 0) ?? []
  const [chosen, setChosen] = useState<string>()
  const [opened, setOpened] = useState<string>()
  const phase = phases.find(({ id }) => id === chosen) ?? phases[0]
  if (plan === undefined || phase === undefined) return { state: 'none' }
  const rows = replica.list(totalsScope(organizationId), 'branch-topics', `${year}/`)
  return {
    state: 'ready',
    year,
    phases: phases.map(({ id, name }) => ({ id, name })),
    phaseId: phase.id,
    topics: phase.topics,
    opened,
    branches: rows.map(({ branchId, branchName, family, confirmed, adapted, own, topics }) => {
      const counts = new Map(topics.map((each) => [each.id, each]))
      return {
        id: branchId,
        name: branchName,
        family,
        isConfirmed: confirmed === plan.version,
        adapted,
        own,
        states: phase.topics.map((topic) => stateOf(topic, counts.get(topic.id), today)),
      }
    }),
    onPhase: setChosen,
    onTopic: (id) => setOpened(id === opened ? undefined : id),
  }
}
