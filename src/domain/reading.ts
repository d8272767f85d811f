// 读书清单：上级的和支部的，书或链接；读到哪里只有本人知道，不计时长
import * as v from 'valibot'
import { daySchema } from './day'

/** Named by the phone that makes it. */
export const readingIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,20}$/))
const line = (longest: number) => v.pipe(v.string(), v.trim(), v.maxLength(longest))
const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most))
export const chaptersMost = 200

/** 读书清单, of the organisation or of a branch. */
export const readingListSchema = v.object({
  id: readingIdSchema,
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  about: line(200),
  /** Not shown any more; what people noted on its items stays theirs. */
  isWithdrawn: v.optional(v.boolean()),
  version: v.number(),
})
export type ReadingList = v.InferOutput<typeof readingListSchema>

/** A book or a link of a list. */
export const readingItemSchema = v.object({
  listId: readingIdSchema,
  id: readingIdSchema,
  /** Where it stands in its list; the smallest first. */
  place: whole(100_000),
  kind: v.picklist(['book', 'link']),
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
  /** 出版社 of a book, 来源 of a link */
  source: line(60),
  /** How many the book has; 0: not known. */
  chapters: whole(chaptersMost),
  url: v.optional(v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[^\s<>"]+$/))),
  /** Of a link, the day it was published. */
  day: v.optional(daySchema),
  /** 必读, or 选读 */
  isRequired: v.boolean(),
  isWithdrawn: v.optional(v.boolean()),
  version: v.number(),
})
export type ReadingItem = v.InferOutput<typeof readingItemSchema>

/** How far somebody has come; for their own eyes. No time is measured. */
export const readingProgressSchema = v.object({
  listId: readingIdSchema,
  itemId: readingIdSchema,
  /** How often they began anew; so whoever ticked 读完 by mistake can go back. */
  round: whole(1000),
  /** The chapter they are in; 0: begun, and no more said. */
  chapter: whole(chaptersMost),
  isRead: v.boolean(),
  /** When they last said so, by their phone: the newest is what one goes on with. */
  at: v.number(),
})
export type ReadingProgress = v.InferOutput<typeof readingProgressSchema>

export const itemKey = (listId: string, itemId: string) => `${listId}/${itemId}`

/** Whichever of the two is further, on whatever device it was said: so the order in which they arrive
 *  does not matter, and what is said twice is said once. */
export function furthest(one: ReadingProgress | undefined, other: ReadingProgress): ReadingProgress {
  if (one === undefined) return other
  const steps = ({ round, isRead, chapter }: ReadingProgress) => [round, Number(isRead), chapter]
  const [a, b] = [steps(one), steps(other)]
  const differs = a.findIndex((each, index) => each !== b[index])
  const further = differs === -1 || (a[differs] ?? 0) > (b[differs] ?? 0) ? one : other
  return { ...further, at: Math.max(one.at, other.at) }
}

/** 未读, 在读, 已读, 已写心得 */
export type ReadingState = 'unread' | 'reading' | 'read' | 'reflected'

export const stateOf = (progress: ReadingProgress | undefined, hasReflection: boolean): ReadingState => {
  if (hasReflection) return 'reflected'
  if (progress === undefined) return 'unread'
  return progress.isRead ? 'read' : 'reading'
}

/** What to say so that it holds: going back, or on from 已读, begins a round of its own. */
export function movedTo(
  before: ReadingProgress | undefined,
  { listId, id: itemId }: Pick<ReadingItem, 'listId' | 'id'>,
  to: Pick<ReadingProgress, 'chapter' | 'isRead'>,
): Omit<ReadingProgress, 'at'> {
  const said = { listId, itemId, round: before?.round ?? 0, ...to }
  const kept = furthest(before, { ...said, at: 0 })
  const isKept = kept.isRead === to.isRead && kept.chapter === to.chapter
  return isKept ? said : { ...said, round: said.round + 1 }
}
