import { useState } from 'react'
import { dayOf, type Week, weekOf, weeksFrom } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import { organizationScope } from '#domain/scopes'
import { type SignedIn, useSubmit } from '#workspace'
import type { TopicsScreen } from './TopicsView'

interface Topic {
  readonly topic: string
  readonly material: string
}

/** This week and the coming eight. */
const weeksShown = 9

export function useTopics({ replica }: SignedIn, organizationId: OrganizationId): TopicsScreen {
  const { problem, submit } = useSubmit()
  const [typed, setTyped] = useState<Readonly<Record<Week, Partial<Topic>>>>({})
  const [isSaved, setSaved] = useState(false)

  const scope = organizationScope(organizationId)
  const handedDown = (week: Week): Topic => {
    const { topic = '', material = '' } = replica.get(scope, 'week-topic', week) ?? {}
    return { topic, material }
  }
  const shown = (week: Week): Topic => ({ ...handedDown(week), ...typed[week] })
  const isChanged = (week: Week) => {
    const [before, after] = [handedDown(week), shown(week)]
    return after.topic.trim() !== before.topic || after.material.trim() !== before.material
  }
  const changed = Object.keys(typed).filter(isChanged)
  const type = (week: Week, change: Partial<Topic>) => {
    setSaved(false)
    setTyped({ ...typed, [week]: { ...typed[week], ...change } })
  }
  const save = async () => {
    for (const week of changed) {
      const { topic, material } = shown(week)
      const args = { week, topic: topic.trim(), material: material.trim() }
      const result = await submit(replica.submit('hand-down-topic', scope, args))
      if (result?.outcome !== 'recorded') return
    }
    setTyped({})
    setSaved(true)
  }
  return {
    state: 'ready',
    weeks: weeksFrom(weekOf(dayOf(replica.now())), weeksShown).map((week) => ({
      week,
      ...shown(week),
    })),
    problem,
    isSaved,
    onSave: changed.length === 0 ? undefined : () => void save(),
    onTopic: (week, topic) => type(week, { topic }),
    onMaterial: (week, material) => type(week, { material }),
  }
}
