// 读书清单由谁编，读到哪里、写了什么由本人记
import * as v from 'valibot'
import { branchCommand, organizationCommand } from '../command'
import { accept, type Decision, refuse } from '../decision'
import type { BranchId, OrganizationId, PersonId } from '../ids'
import { furthest, itemKey, readingItemSchema, readingListSchema, readingProgressSchema } from '../reading'
import { noteKey, readingNoteSchema } from '../reading-note'
import type { Change, Read, Records } from '../records'
import type { Refusal } from '../refusal'
import {
  branchScope,
  deskScope,
  memberScope,
  organizationScope,
  readerScope,
  reviewScope,
  type Scope,
} from '../scopes'

/** A command changes at most so many items; a long list comes in several. */
export const itemsAtOnce = 50

const listArgs = v.object({
  /** As it should be; `version` is the one that was seen, 0 for none. */
  list: readingListSchema,
  /** Each with the version that was seen, 0 for a new one. */
  items: v.pipe(v.array(readingItemSchema), v.maxLength(itemsAtOnce)),
})
type ListArgs = v.InferOutput<typeof listArgs>

const readList = (scope: Scope, { list, items }: ListArgs): Read[] => [
  { scope, type: 'reading-list', key: list.id },
  ...items.map((item): Read => ({ scope, type: 'reading-item', key: itemKey(list.id, item.id) })),
]

/** Only what differs is written: two keepers who add to one list at a time do not stand in each other's way. */
function keepList(scope: Scope, { list, items }: ListArgs, records: Records): Decision<Change[], Refusal> {
  const before = records.get(scope, 'reading-list', list.id)
  const isSame =
    before?.title === list.title && before.about === list.about && before.isWithdrawn === list.isWithdrawn
  const ids = new Set(items.map(({ id }) => id))
  if (ids.size < items.length || items.some(({ listId }) => listId !== list.id))
    return refuse({ code: 'malformed' })
  if (!isSame && (before?.version ?? 0) !== list.version) return refuse({ code: 'changed-meanwhile' })
  const changes: Change[] = isSame
    ? []
    : [{ scope, type: 'reading-list', key: list.id, value: { ...list, version: list.version + 1 } }]
  for (const item of items) {
    const key = itemKey(list.id, item.id)
    if ((records.get(scope, 'reading-item', key)?.version ?? 0) !== item.version)
      return refuse({ code: 'changed-meanwhile' })
    changes.push({ scope, type: 'reading-item', key, value: { ...item, version: item.version + 1 } })
  }
  return accept(changes)
}

/** A branch's own list. */
export const keepReadingList = branchCommand({
  version: 1,
  args: listArgs,
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (id: BranchId, args) => readList(branchScope(id), args),
  decide: (id, args, records) => keepList(branchScope(id), args, records),
})

/** A list for every branch. */
export const handDownReadingList = organizationCommand({
  version: 1,
  args: listArgs,
  roles: ['admin'],
  guard: deskScope,
  reads: (id: OrganizationId, args) => readList(organizationScope(id), args),
  decide: (id, args, records) => keepList(organizationScope(id), args, records),
})

/** Two devices of one reader are put in order by a lock of their own, which nobody else waits for. */
const ownGuard = (id: OrganizationId, actor: PersonId | undefined) =>
  actor === undefined ? deskScope(id) : readerScope(actor)

/** Where somebody is in a book. What is further holds, so that two devices agree whichever comes first;
 *  whether the item is still listed is not asked, for it is theirs. */
export const keepReadingPlace = organizationCommand({
  version: 1,
  args: v.omit(readingProgressSchema, ['at']),
  roles: ['anyone'],
  guard: ownGuard,
  reads: (_id, { listId, itemId }, actor) =>
    actor === undefined
      ? []
      : [{ scope: memberScope(actor), type: 'reading-progress', key: itemKey(listId, itemId) }],
  decide(_id, said, records, { actor, evidence }) {
    if (actor === undefined) return refuse({ code: 'not-allowed' })
    const scope = memberScope(actor.personId)
    const key = itemKey(said.listId, said.itemId)
    const before = records.get(scope, 'reading-progress', key)
    const value = furthest(before, { ...said, at: evidence.claimedAt })
    return accept([{ scope, type: 'reading-progress', key, value }])
  },
})

/** A note, a new version of one, or with no words its deletion. Never refused: two versions stand side by side. */
export const writeReadingNote = organizationCommand({
  version: 1,
  args: v.omit(readingNoteSchema, ['at']),
  roles: ['anyone'],
  guard: ownGuard,
  reads: (_id, note, actor) =>
    actor === undefined ? [] : [{ scope: memberScope(actor), type: 'reading-note', key: noteKey(note) }],
  decide(_id, note, records, { actor, evidence }) {
    if (actor === undefined) return refuse({ code: 'not-allowed' })
    const scope = memberScope(actor.personId)
    if (records.get(scope, 'reading-note', noteKey(note)) !== undefined) return accept([])
    const value = { ...note, at: evidence.claimedAt }
    return accept([{ scope, type: 'reading-note', key: noteKey(note), value }])
  },
})
