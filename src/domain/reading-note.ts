// 读书笔记：每次修改都留着；两台设备各改各的，两份都在，由本人合并
import * as v from 'valibot'
import { itemKey, readingIdSchema } from './reading'

/** 笔记, 摘录, 心得 */
export const noteKindSchema = v.picklist(['note', 'excerpt', 'reflection'])
export type NoteKind = v.InferOutput<typeof noteKindSchema>

/** One version of a note. Nothing is written over: a version names those it takes the place of. */
export const readingNoteSchema = v.object({
  listId: readingIdSchema,
  itemId: readingIdSchema,
  noteId: readingIdSchema,
  /** Named by the phone that wrote it. */
  versionId: readingIdSchema,
  kind: noteKindSchema,
  /** Empty: the note was deleted. */
  words: v.pipe(v.string(), v.trim(), v.maxLength(2000)),
  /** The versions that its author saw and put it in the place of. */
  replaces: v.pipe(v.array(readingIdSchema), v.maxLength(8)),
  at: v.number(),
})
export type ReadingNote = v.InferOutput<typeof readingNoteSchema>

export const noteKey = ({ listId, itemId, noteId, versionId }: Omit<ReadingNote, 'at'>) =>
  `${itemKey(listId, itemId)}/${noteId}/${versionId}`
