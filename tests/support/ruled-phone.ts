import { act } from '@testing-library/preact'
import type { CommandName } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import type { Scope } from '#domain/scopes'
import type { SignedIn } from '#workspace'
import { at, onlineAt, type TestBranch } from './branch'

/** Somebody's phone whose commands are decided by the real rules. */
export function phoneOf(branch: TestBranch, who: PersonId): SignedIn {
  const replica = {
    personId: who,
    now: () => at('09:00'),
    get: (...asked: Parameters<typeof branch.records.get>) => branch.records.get(...asked),
    list: (...asked: Parameters<typeof branch.records.list>) => branch.records.list(...asked),
    authority: () => branch.authority(who, at('09:00')),
    submit: async (name: CommandName, scope: Scope, args: object) => {
      const outcome = branch.act(who, name, args, onlineAt('09:00'), scope)
      return outcome === 'accepted'
        ? { outcome: 'recorded' }
        : { outcome: 'refused', refusal: branch.refused ?? { code: 'malformed' } }
    },
  }
  return { replica, connection: 'online' } as unknown as SignedIn
}

let names = 0
/** What a hook asks of the workspace. */
export const workspace = {
  watch: () => () => undefined,
  syncNow: () => undefined,
  newName: () => `name${names++}`,
  files: { copy: async () => undefined },
}
export const settled = () => act(() => new Promise((resolve) => setTimeout(resolve, 10)))
