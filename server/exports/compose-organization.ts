import { formatInstant } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import { countsIn } from '#domain/ledger'
import { type LedgerPeriod, periodName, weeksOf } from '#domain/period'
import type { Read, Records } from '#domain/records'
import { branchScope, totalsScope } from '#domain/scopes'
import { sumOf, type Tally } from '#domain/tally'
import { type Branch, type HeldStudy, isHeld } from '#domain/weekly-study'
import { tallyCells, tallyColumns } from './basis'
import type { Cell, Workbook } from './document'

export const readOrganizationLedger = (
  organizationId: OrganizationId,
  branches: readonly { readonly id: Branch['id'] }[],
  period: LedgerPeriod,
): Read[] => {
  const weeks = weeksOf(period)
  return [
    ...weeks.map((week) => ({
      scope: totalsScope(organizationId),
      type: 'branch-totals' as const,
      prefix: `${week}/`,
    })),
    ...branches.flatMap(({ id }) => [
      { scope: branchScope(id), type: 'branch' as const, key: 'branch' },
      ...weeks.map((key) => ({ scope: branchScope(id), type: 'weekly-study' as const, key })),
    ]),
  ]
}

/** 各支部学习台账: by branch and by study, without a name. The branches keep the order of their names:
 *  none comes first by its figures. */
export function organizationWorkbook(
  records: Records,
  branches: readonly { readonly id: Branch['id'] }[],
  { organizationId, period, asOf, footer }: Basis,
): Workbook {
  const all = branches
    .flatMap(({ id }) => records.get(branchScope(id), 'branch', 'branch') ?? [])
    .sort((a, b) => a.family.localeCompare(b.family, 'zh') || a.name.localeCompare(b.name, 'zh'))
    .map((branch) => ({ branch, studies: studiesOf(records, organizationId, branch, period, asOf) }))
  const total = (studies: readonly { tally: Tally }[]) => tallyCells(sumOf(studies.map(({ tally }) => tally)))
  const every = all.flatMap(({ studies }) => studies)
  return {
    is: 'workbook',
    fileName: `各支部学习台账-${periodName(period)}.xlsx`,
    footer,
    sheets: [
      {
        name: '各支部',
        columns: [
          { title: '类别', width: 14 },
          { title: '支部', width: 32 },
          { title: '学习次数', width: 10 },
          ...tallyColumns,
        ],
        rows: [
          ...all.map(({ branch, studies }): Cell[] => [
            branch.family,
            branch.name,
            studies.length,
            ...total(studies),
          ]),
          ['合计', `${all.length} 个支部`, every.length, ...total(every)],
        ],
        sums: 1,
      },
      {
        name: '各次学习',
        columns: [
          { title: '日期', width: 12 },
          { title: '支部', width: 32 },
          { title: '主题', width: 34 },
          { title: '登记情况', width: 24 },
          ...tallyColumns,
        ],
        rows: all.flatMap(({ branch, studies }) =>
          studies.map(({ study, tally }): Cell[] => [
            { day: study.heldOn },
            branch.name,
            study.topic,
            study.state === 'closed' ? `${formatInstant(study.closedAt)} 关闭` : '登记中',
            ...tallyCells(tally),
          ]),
        ),
      },
    ],
  }
}

interface Basis {
  readonly organizationId: OrganizationId
  readonly period: LedgerPeriod
  readonly asOf: number
  readonly footer: readonly string[]
}

/** A register that is still open counts as the totals last had it. */
function studiesOf(
  records: Records,
  organizationId: OrganizationId,
  branch: Branch,
  period: LedgerPeriod,
  asOf: number,
): { readonly study: HeldStudy; readonly tally: Tally }[] {
  return weeksOf(period).flatMap((week): { study: HeldStudy; tally: Tally }[] => {
    const study = records.get(branchScope(branch.id), 'weekly-study', week)
    if (study === undefined || !isHeld(study) || !countsIn(study, period, asOf)) return []
    if (study.state === 'closed') return [{ study, tally: study.tally }]
    const row = records.get(totalsScope(organizationId), 'branch-totals', `${week}/${branch.id}`)
    return row === undefined ? [] : [{ study, tally: row.tally }]
  })
}
