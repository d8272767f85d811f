import * as v from 'valibot'

const id = <const Brand extends string>(brand: Brand) =>
  v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/), v.brand(brand))

/** One human being, whatever they do here. */
export const personIdSchema = id('PersonId')
export type PersonId = v.InferOutput<typeof personIdSchema>

/** 党支部 */
export const branchIdSchema = id('BranchId')
export type BranchId = v.InferOutput<typeof branchIdSchema>

/** 上级党组织: the association's Party organisation, with its branches. */
export const organizationIdSchema = id('OrganizationId')
export type OrganizationId = v.InferOutput<typeof organizationIdSchema>

export const personId = (text: string): PersonId => v.parse(personIdSchema, text)
export const branchId = (text: string): BranchId => v.parse(branchIdSchema, text)
export const organizationId = (text: string): OrganizationId => v.parse(organizationIdSchema, text)
