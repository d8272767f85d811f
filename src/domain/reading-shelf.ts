// 书架：看得到的清单、清单里的内容、本人读到哪里和写了什么
import type { BranchId, OrganizationId, PersonId } from './ids'
import { itemKey, type ReadingItem, type ReadingList, type ReadingProgress } from './reading'
import type { ReadingNote } from './reading-note'
import type { Records } from './records'
import { branchScope, memberScope, organizationScope, type Scope } from './scopes'

/** A list with who keeps it. */
export interface ListedReading {
  readonly scope: Scope
  readonly list: ReadingList
}

/** The lists somebody reads: those of the organisation first, then their branch's. */
export const readingLists = (
  records: Records,
  organizationId: OrganizationId,
  branches: readonly BranchId[],
): ListedReading[] =>
  [organizationScope(organizationId), ...branches.map(branchScope)].flatMap((scope) =>
    records
      .list(scope, 'reading-list', '')
      .filter(({ isWithdrawn }) => isWithdrawn !== true)
      .map((list) => ({ scope, list })),
  )

/** What stands in a list, in its order. */
export const itemsOf = (records: Records, { scope, list }: ListedReading): ReadingItem[] =>
  records
    .list(scope, 'reading-item', `${list.id}/`)
    .filter(({ isWithdrawn }) => isWithdrawn !== true)
    .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))

/** An item with the list it stands in. */
export interface ListedItem extends ListedReading {
  readonly item: ReadingItem
}

export const progressOf = (records: Records, personId: PersonId, { listId, id }: ReadingItem) =>
  records.get(memberScope(personId), 'reading-progress', itemKey(listId, id))

/** What somebody is in the middle of, the latest first. */
export function inTheMiddle(
  records: Records,
  personId: PersonId,
  lists: readonly ListedReading[],
): (ListedItem & { readonly progress: ReadingProgress })[] {
  return records
    .list(memberScope(personId), 'reading-progress', '')
    .filter(({ isRead }) => !isRead)
    .sort((a, b) => b.at - a.at)
    .flatMap((progress) =>
      lists
        .filter(({ list }) => list.id === progress.listId)
        .flatMap((listed) => {
          const item = records.get(listed.scope, 'reading-item', itemKey(progress.listId, progress.itemId))
          return item === undefined || item.isWithdrawn === true ? [] : [{ ...listed, item, progress }]
        }),
    )
}

/** A note as it stands: one version, or several where two devices wrote without knowing of each other. */
export interface StandingNote {
  readonly noteId: string
  /** The latest first; at least one. */
  readonly versions: readonly ReadingNote[]
}

/** The notes of somebody, or those on one item; the oldest note first, of each what nothing replaced. */
export function standingNotes(
  records: Records,
  personId: PersonId,
  item?: { readonly listId: string; readonly id: string },
): StandingNote[] {
  const prefix = item === undefined ? '' : `${itemKey(item.listId, item.id)}/`
  const all = records.list(memberScope(personId), 'reading-note', prefix)
  const replaced = new Set(all.flatMap(({ replaces }) => replaces))
  const notes = new Map<string, { versions: ReadingNote[]; firstAt: number }>()
  for (const version of all) {
    const note = notes.get(version.noteId) ?? { versions: [], firstAt: version.at }
    note.firstAt = Math.min(note.firstAt, version.at)
    if (!replaced.has(version.versionId) && version.words !== '') note.versions.push(version)
    notes.set(version.noteId, note)
  }
  return [...notes]
    .filter(([, { versions }]) => versions.length > 0)
    .sort(([a, one], [b, other]) => one.firstAt - other.firstAt || (a < b ? -1 : 1))
    .map(([noteId, { versions }]) => ({
      noteId,
      versions: versions.sort((a, b) => b.at - a.at || (a.versionId < b.versionId ? -1 : 1)),
    }))
}

export const hasReflection = (notes: readonly StandingNote[]): boolean =>
  notes.some(({ versions }) => versions.some(({ kind }) => kind === 'reflection'))

/** The items of a list that somebody wrote a 心得 on. */
export const reflectedItems = (records: Records, personId: PersonId, listId: string): Set<string> =>
  new Set(
    standingNotes(records, personId)
      .flatMap(({ versions }) => versions)
      .filter((version) => version.listId === listId && version.kind === 'reflection')
      .map(({ itemId }) => itemId),
  )
