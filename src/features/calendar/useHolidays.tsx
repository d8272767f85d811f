import { useEffect, useState } from 'react'
import { dayOf } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import { knownYears } from '#domain/notice-lines'
import { organizationScope } from '#domain/scopes'
import { horizonWarning, type WeekRule } from '#domain/week-rule'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { HolidaysScreen } from './HolidaysView'

export function useHolidays(
  { replica }: SignedIn,
  organizationId: OrganizationId,
  openYear: (year: number) => void,
): HolidaysScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  // With the version it was chosen at: another's change meanwhile is not overwritten unseen.
  const [chosen, setChosen] = useState<{ rule: WeekRule; version: number }>()
  const [isSaved, setSaved] = useState(false)
  useEffect(() => workspace.watch(), [workspace])

  const scope = organizationScope(organizationId)
  const organization = replica.get(scope, 'organization', 'organization')
  const horizon = replica.get(scope, 'horizon', 'horizon')
  if (organization === undefined || horizon === undefined) return { state: 'loading' }

  const save = async ({ rule, version }: NonNullable<typeof chosen>) => {
    const result = await submit(replica.submit('change-week-rule', scope, { weekRule: rule, version }))
    setSaved(result?.outcome === 'recorded')
    if (result?.outcome === 'recorded' || result?.outcome === 'refused') setChosen(undefined)
  }
  return {
    state: 'ready',
    years: knownYears(
      Number(dayOf(replica.now()).slice(0, 4)),
      horizon.knownUntil,
      replica.list(scope, 'notice', ''),
    ),
    horizon: horizonWarning(horizon, horizon.plannedUntil),
    rule: chosen?.rule ?? organization.weekRule,
    isRuleChanged:
      chosen !== undefined && JSON.stringify(chosen.rule) !== JSON.stringify(organization.weekRule),
    isSaved,
    problem,
    onYear: openYear,
    onRule: (rule) => {
      setSaved(false)
      setChosen({ rule, version: chosen?.version ?? organization.version })
    },
    onSave: () => chosen && void save(chosen),
  }
}
