import { useState } from 'react'
import type { OrganizationId } from '#domain/ids'
import { stateOf } from '#domain/reading'
import { findReading } from '#domain/reading-search'
import {
  inTheMiddle,
  itemsOf,
  type ListedItem,
  type ListedReading,
  progressOf,
  readingLists,
  reflectedItems,
} from '#domain/reading-shelf'
import { branchScope, organizationScope, type Scope } from '#domain/scopes'
import type { SignedIn } from '#workspace'
import type { ReadingListsScreen } from './ReadingListsView'
import { branchesRead, isKeeperOf } from './reading-keeper'

export function useReadingLists(
  { replica }: SignedIn,
  organizationId: OrganizationId,
  on: {
    readonly list: (listed: ListedReading) => void
    readonly item: (listed: ListedItem) => void
    readonly add: (scope: Scope) => void
  },
): ReadingListsScreen {
  const [query, setQuery] = useState('')
  const { personId } = replica
  const authority = replica.authority()
  const branches = branchesRead(authority)
  const lists = readingLists(replica, organizationId, branches)
  const adds = (scope: Scope) => (isKeeperOf(authority, scope) ? () => on.add(scope) : undefined)
  const ofScope = (scope: Scope) =>
    lists
      .filter((listed) => listed.scope === scope)
      .map((listed) => {
        const items = itemsOf(replica, listed)
        const reflected = reflectedItems(replica, personId, listed.list.id)
        const isDone = (item: (typeof items)[number]) =>
          ['read', 'reflected'].includes(stateOf(progressOf(replica, personId, item), reflected.has(item.id)))
        return {
          listed,
          items: items.length,
          required: items.filter(({ isRequired }) => isRequired).length,
          read: items.filter(isDone).length,
        }
      })
  const above = organizationScope(organizationId)
  return {
    query,
    onQuery: setQuery,
    found: query.trim() === '' ? undefined : findReading(replica, personId, lists, query),
    reading: inTheMiddle(replica, personId, lists),
    groups: [
      { name: '上级清单', lists: ofScope(above), onAdd: adds(above) },
      ...branches.map((id) => ({
        name:
          branches.length > 1 ? (replica.get(branchScope(id), 'branch', 'branch')?.name ?? '') : '支部清单',
        lists: ofScope(branchScope(id)),
        onAdd: adds(branchScope(id)),
      })),
    ],
    onList: on.list,
    onItem: on.item,
  }
}
