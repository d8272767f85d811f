import * as v from 'valibot'

/** A row of the file that was not taken, and what to do about it. */
const rowProblemSchema = v.object({
  row: v.number(),
  column: v.optional(v.string()),
  words: v.string(),
})

const itemSchema = v.object({
  row: v.number(),
  name: v.string(),
  number: v.string(),
  branchName: v.string(),
  differences: v.array(v.string()),
})
export type RosterItem = v.InferOutput<typeof itemSchema>

/** How many of each list travel; the figures beside them are whole. */
export const shownItems = 100

const listSchema = v.object({ count: v.number(), items: v.array(itemSchema) })

/** What a roster file would change. Nothing is written until it is confirmed. */
export const rosterPreviewSchema = v.object({
  /** To confirm it by; absent when there is nothing to write. */
  id: v.optional(v.string()),
  notices: v.array(v.string()),
  problems: v.object({ count: v.number(), items: v.array(rowProblemSchema) }),
  newBranches: v.object({
    count: v.number(),
    items: v.array(v.object({ name: v.string(), family: v.string() })),
  }),
  changedBranches: v.object({
    count: v.number(),
    items: v.array(v.object({ name: v.string(), differences: v.array(v.string()) })),
  }),
  added: listSchema,
  changed: listSchema,
  transferred: listSchema,
  left: listSchema,
  unchanged: v.number(),
  notInFile: v.number(),
})
export type RosterPreview = v.InferOutput<typeof rosterPreviewSchema>

export const confirmRosterSchema = v.object({ id: v.pipe(v.string(), v.regex(/^[\w-]{8,40}$/)) })

/** How many records of each were written. */
export const rosterDoneSchema = v.object({ branches: v.number(), people: v.number() })
export type RosterDone = v.InferOutput<typeof rosterDoneSchema>
