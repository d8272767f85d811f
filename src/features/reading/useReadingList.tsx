import { useState } from 'react'
import { stateOf } from '#domain/reading'
import { itemsOf, type ListedItem, progressOf, reflectedItems } from '#domain/reading-shelf'

import type { Scope } from '#domain/scopes'
import type { SignedIn } from '#workspace'
import type { ReadingFilter, ReadingListScreen } from './ReadingListView'
import { isKeeperOf } from './reading-keeper'

export function useReadingList(
  { replica }: SignedIn,
  scope: Scope,
  listId: string,
  on: { readonly item: (listed: ListedItem) => void; readonly edit: () => void },
): ReadingListScreen {
  const [filter, setFilter] = useState<ReadingFilter>('all')
  const list = replica.get(scope, 'reading-list', listId)
  if (list === undefined || list.isWithdrawn === true) return { state: 'none' }
  const { personId } = replica
  const reflected = reflectedItems(replica, personId, listId)
  const all = itemsOf(replica, { scope, list }).map((item) => {
    const progress = progressOf(replica, personId, item)
    return { item, progress, state: stateOf(progress, reflected.has(item.id)) }
  })
  const isShown = {
    all: () => true,
    required: ({ item }: (typeof all)[number]) => item.isRequired,
    left: ({ state }: (typeof all)[number]) => state === 'unread' || state === 'reading',
  }[filter]
  return {
    state: 'ready',
    list,
    total: all.length,
    items: all.filter(isShown),
    filter,
    onFilter: setFilter,
    onItem: (item) => on.item({ scope, list, item }),
    onEdit: isKeeperOf(replica.authority(), scope) ? on.edit : undefined,
  }
}
