import { useState } from 'react'
import { dayOf, type Week, weekOf, weeksFrom } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import { organizationScope } from '#domain/scopes'
import { type SignedIn, useSubmit } from '#workspace'
import type { TopicsScreen } from './TopicsView'

/** This week and the coming eight. */
const weeksShown = 9

export function useTopics({ replica }: SignedIn, organizationId: OrganizationId): TopicsScreen {
  const { problem, submit } = useSubmit()
  const [typed, setTyped] = useState<Readonly<Record<Week, string>>>({})
  const [isSaved, setSaved] = useState(false)
  if (!replica.isFilled) return { state: 'loading' }

  const scope = organizationScope(organizationId)
  const handedDown = (week: Week) => replica.get(scope, 'week-topic', week)?.topic ?? ''
  const changed = Object.entries(typed).filter(([week, topic]) => topic.trim() !== handedDown(week))
  const save = async () => {
    for (const [week, topic] of changed) {
      const result = await submit(replica.submit('hand-down-topic', scope, { week, topic: topic.trim() }))
      if (result?.outcome !== 'recorded') return
    }
    setTyped({})
    setSaved(true)
  }
  return {
    state: 'ready',
    weeks: weeksFrom(weekOf(dayOf(replica.now())), weeksShown).map((week) => ({
      week,
      topic: typed[week] ?? handedDown(week),
    })),
    problem,
    isSaved,
    onSave: changed.length === 0 ? undefined : () => void save(),
    onTopic: (week, topic) => {
      setSaved(false)
      setTyped({ ...typed, [week]: topic })
    },
  }
}
