// 关心：支部书记联系以后写下的一句话，只有支部书记能看到
import * as v from 'valibot'
import { weekSchema } from './day'
import { branchIdSchema, personIdSchema } from './ids'

/** That the secretary asked after somebody, in a line of their own. Only the last one about a person is kept.
 *  Readable by the secretary alone, deleted with the person's account. */
export const careNoteSchema = v.object({
  branchId: branchIdSchema,
  memberId: personIdSchema,
  /** What was missed up to then is spoken of; what is missed later is not. */
  throughWeek: weekSchema,
  note: v.string(),
  notedAt: v.number(),
})
export type CareNote = v.InferOutput<typeof careNoteSchema>
