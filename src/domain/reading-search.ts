// 查找：书名、来源和本人的笔记，中文按字句匹配，标点和全半角不论

import type { PersonId } from './ids'
import { itemsOf, type ListedItem, type ListedReading, standingNotes } from './reading-shelf'

import type { Records } from './records'

/** As it is compared: full and half width, letters large and small, marks and blanks make no difference. */
export const comparable = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

export interface Found extends ListedItem {
  /** A part of the person's own note, where that is where it was found. */
  readonly inNote: string | undefined
}

/** Items in which every word stands, in the title, the source or the person's notes; titles first. Nothing
 *  leaves the phone. */
export function findReading(
  records: Records,
  personId: PersonId,
  lists: readonly ListedReading[],
  query: string,
): Found[] {
  const words = query.split(/\s+/).map(comparable).filter(Boolean)
  if (words.length === 0) return []
  const isIn = (text: string) => {
    const within = comparable(text)
    return words.every((word) => within.includes(word))
  }
  const notes = new Map<string, string>()
  for (const { versions } of standingNotes(records, personId)) {
    for (const { listId, itemId, words: written } of versions)
      if (isIn(written) && !notes.has(`${listId}/${itemId}`)) notes.set(`${listId}/${itemId}`, written)
  }
  const all = lists.flatMap((listed) => itemsOf(records, listed).map((item) => ({ ...listed, item })))
  const found = all.flatMap((each): { tier: number; found: Found }[] => {
    const { title, source, listId, id } = each.item
    const inNote = notes.get(`${listId}/${id}`)
    if (isIn(title)) return [{ tier: 0, found: { ...each, inNote: undefined } }]
    if (isIn(`${title} ${source}`)) return [{ tier: 1, found: { ...each, inNote: undefined } }]
    return inNote === undefined ? [] : [{ tier: 2, found: { ...each, inNote } }]
  })
  return found.sort((a, b) => a.tier - b.tier).map(({ found }) => found)
}
