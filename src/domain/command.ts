import * as v from 'valibot'
import type { Authority, Role } from './authority'
import type { Decision } from './decision'
import type { TimeEvidence } from './evidence'
import type { BranchId, OrganizationId, PersonId } from './ids'
import type { Change, Read, Records } from './records'
import type { Refusal } from './refusal'
import type { Place, Scope } from './scopes'
import type { ReadCode } from './study-code'

/** Who acts and when it can have been. `actor` comes from the session, never from a request; the
 *  register that closes by itself has none. */
export interface Occasion {
  readonly actor: Authority | undefined
  readonly evidence: TimeEvidence
  /** Names this command for ever: `device.id`. Keys of what it adds are made from it. */
  readonly commandKey: string
  /** Only where the decision counts: on the phone a code cannot be read. */
  readonly readCode?: ReadCode
}

type Verdict = Decision<Change[], Refusal>

interface Rule<Args, Id> {
  /** Raised when the args change; the server takes the two versions before. */
  readonly version: number
  readonly args: v.GenericSchema<unknown, Args>
  /** Who may send it at all; `decide` may still refuse. */
  readonly roles: readonly Role[]
  /** The scope whose lock puts this command in order with all it could disagree with. */
  readonly guard: (id: Id, actor: PersonId | undefined) => Scope
  readonly reads: (id: Id, args: Args, actor: PersonId | undefined) => Read[]
  readonly decide: (id: Id, args: Args, records: Records, occasion: Occasion) => Verdict
}

/** A command at its place with its arguments, parsed. */
export interface Prepared {
  readonly guard: Scope
  /** Done by virtue of an office, and so for the audit: not a member's own affair. */
  readonly isOfficial: boolean
  reads(actor: PersonId | undefined): Read[]
  decide(records: Records, occasion: Occasion): Verdict
}

/** A named act, decided by the same rule on the phone, for an immediate answer, and on the
 *  server, for the one that counts. */
export interface Command<Args = unknown> {
  readonly kind: Place['kind']
  readonly version: number
  readonly roles: readonly Role[]
  readonly args: v.GenericSchema<unknown, Args>
  /** Undefined when the arguments are not the command's. */
  prepare(place: Place, args: unknown, actor?: PersonId): Prepared | undefined
}

const prepared = <Args, Id>(
  rule: Rule<Args, Id>,
  id: Id,
  input: unknown,
  actor: PersonId | undefined,
): Prepared | undefined => {
  const parsed = v.safeParse(rule.args, input)
  if (!parsed.success) return undefined
  const args = parsed.output
  return {
    guard: rule.guard(id, actor),
    isOfficial: !rule.roles.some((role) => role === 'member' || role === 'anyone'),
    reads: (actor) => rule.reads(id, args, actor),
    decide: (records, occasion) => rule.decide(id, args, records, occasion),
  }
}

export const branchCommand = <Args>(rule: Rule<Args, BranchId>): Command<Args> => ({
  kind: 'branch',
  version: rule.version,
  roles: rule.roles,
  args: rule.args,
  prepare: (place, input, actor) =>
    place.kind === 'branch' ? prepared(rule, place.branchId, input, actor) : undefined,
})

export const organizationCommand = <Args>(rule: Rule<Args, OrganizationId>): Command<Args> => ({
  kind: 'organization',
  version: rule.version,
  roles: rule.roles,
  args: rule.args,
  prepare: (place, input, actor) =>
    place.kind === 'organization' ? prepared(rule, place.organizationId, input, actor) : undefined,
})
