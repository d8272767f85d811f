import * as v from 'valibot'
import { daySchema } from '#domain/day'
import { branchIdSchema, personIdSchema } from '#domain/ids'
import { membershipKindSchema } from '#domain/membership'
import { branchRoles } from '#domain/person'

/** Whether somebody can come in. For whoever hands out invitations, one person at a time: nobody
 *  is counted or compared by it. */
export const joiningSchema = v.variant('is', [
  v.object({ is: v.literal('nothing') }),
  v.object({ is: v.literal('invited'), until: v.number() }),
  v.object({
    is: v.literal('joined'),
    isWechatBound: v.boolean(),
    /** Somebody showed their used invitation again: they themselves on a new phone, or another. */
    claimedAgainAt: v.optional(v.number()),
  }),
])
export type Joining = v.InferOutput<typeof joiningSchema>

/** 支部成员, for the secretary. */
export const branchPersonSchema = v.object({
  personId: personIdSchema,
  name: v.string(),
  number: v.optional(v.string()),
  membership: membershipKindSchema,
  role: v.optional(v.picklist(['secretary', 'committee-member'])),
  joining: joiningSchema,
})
export type BranchPerson = v.InferOutput<typeof branchPersonSchema>
export const branchPeopleSchema = v.object({ people: v.array(branchPersonSchema) })

/** Every branch with its secretaries, for the admin: whom to invite first. */
export const keepersSchema = v.object({
  branches: v.array(
    v.object({
      branchId: branchIdSchema,
      name: v.string(),
      family: v.string(),
      keepers: v.array(v.omit(branchPersonSchema, ['membership'])),
    }),
  ),
})
export type Keepers = v.InferOutput<typeof keepersSchema>

/** 组织关系转接 */
export const transferSchema = v.object({
  personId: personIdSchema,
  from: branchIdSchema,
  to: branchIdSchema,
  on: daySchema,
})

/** 任免支部职务 */
export const appointSchema = v.object({
  personId: personIdSchema,
  branchId: branchIdSchema,
  role: v.picklist(branchRoles),
})

export const personOnlySchema = v.object({ personId: personIdSchema })

/** An invitation, told once: the server keeps only its hash. */
export const invitationSchema = v.object({
  personId: personIdSchema,
  name: v.string(),
  /** 「ABCD-EFGH-JKMN」 */
  code: v.string(),
  expiresAt: v.number(),
  /** Opens the H5 app with the code filled in; absent where the server does not know its address. */
  link: v.optional(v.string()),
  /** A picture to scan, as a data URI: a mini-program code, or the link as a QR code. */
  picture: v.optional(v.string()),
})
export type Invitation = v.InferOutput<typeof invitationSchema>

/** The scene of a mini-program code: at most 32 characters, and no name in it. */
export const sceneOf = (code: string) => `i.${code.replaceAll('-', '')}`

/** The code in a scene, as WeChat hands it over (percent-encoded); undefined when it is none. */
export function codeOfScene(scene: string | undefined): string | undefined {
  const code = /^i(?:\.|%2E)([0-9A-Z]{12})$/i.exec(scene ?? '')?.[1]
  return code?.toUpperCase().replace(/(.{4})(?=.)/g, '$1-')
}
