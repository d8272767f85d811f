import * as v from 'valibot'
import { branchIdSchema, type OrganizationId } from '#domain/ids'
import type { ListedItem, ListedReading } from '#domain/reading-shelf'

import { branchScope, organizationScope, placeOf, type Scope } from '#domain/scopes'

type Params = Readonly<Record<string, string | undefined>>

/** Where a list lies, as the pages of the lists tell each other. */
export function scopeIn(params: Params, organizationId: OrganizationId): Scope {
  const branchId = v.parse(v.optional(branchIdSchema), params.branch)
  return branchId === undefined ? organizationScope(organizationId) : branchScope(branchId)
}

function scopeQuery(scope: Scope): string {
  const place = placeOf(scope)
  return place?.kind === 'branch' ? `branch=${place.branchId}&` : ''
}

export const pathOfList = ({ scope, list }: ListedReading) =>
  `/packages/reading/list/index?${scopeQuery(scope)}list=${list.id}`

export const pathOfItem = ({ scope, list, item }: ListedItem) =>
  `/packages/reading/item/index?${scopeQuery(scope)}list=${list.id}&item=${item.id}`

export const pathToAdd = (scope: Scope) => `/packages/reading/edit/index?${scopeQuery(scope)}`

export const pathToEdit = (scope: Scope, listId: string) => `${pathToAdd(scope)}list=${listId}`
