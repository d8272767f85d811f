import { useState } from 'react'
import * as v from 'valibot'
import { cancellationSchema } from '#domain/cancellation'
import { type Account, accountSchema } from '#protocol/account'
import { type Asked, type Called, type SignedIn, useAsked, useWorkspace } from '#workspace'
import type { AccountScreen, Facts } from './AccountView'

export function useAccount(
  { replica }: SignedIn,
  go: { onPrivacy: () => void; onSignedOut: () => void },
): AccountScreen {
  const workspace = useWorkspace()
  const { asked, again } = useAsked('/v1/me', accountSchema)
  const [problem, setProblem] = useState<string>()
  const [busyWith, setBusyWith] = useState<AccountScreen['busyWith']>()
  const [sheet, setSheet] = useState<AccountScreen['sheet']>()
  const [typed, setTyped] = useState('')

  const run = async (
    what: NonNullable<AccountScreen['busyWith']>,
    work: () => Promise<string | undefined>,
  ) => {
    setBusyWith(what)
    setProblem(await work())
    setBusyWith(undefined)
    setSheet(undefined)
  }
  const post = async <T,>(path: string, schema: v.GenericSchema<unknown, T>, onDone: () => unknown) => {
    const called: Called<T> = await workspace.call({ method: 'POST', path }, schema)
    if (called.is === 'said') return called.message
    await onDone()
    return undefined
  }
  return {
    facts: factsOf(asked, again),
    problem,
    busyWith,
    waiting: replica.pending().length,
    sheet,
    typed,
    onPrivacy: go.onPrivacy,
    onExport: () => void run('export', () => workspace.openFile('/v1/me/export', '我的资料.xlsx')),
    onSheet: (next) => {
      setTyped('')
      setSheet(next)
    },
    onType: setTyped,
    onWithdraw: () =>
      void run('withdraw', () =>
        post('/v1/me/consent/withdraw', v.undefined(), async () => {
          await workspace.signOut()
          go.onSignedOut()
        }),
      ),
    onCancelAccount: () => void run('cancel', () => post('/v1/me/cancellation', cancellationSchema, again)),
    onKeepAccount: () => void run('cancel', () => post('/v1/me/cancellation/withdraw', v.undefined(), again)),
  }
}

function factsOf(asked: Asked<Account>, onAgain: () => void): Facts {
  if (asked.state === 'asking') return asked
  if (asked.state === 'failed') return { ...asked, onAgain }
  const { isWechatBound, devices, consents, cancellation } = asked.value
  const last = consents[consents.length - 1]
  return {
    state: 'ready',
    isWechatBound,
    devices,
    consent: last?.withdrawnAt === undefined ? last : undefined,
    endsAt: cancellation?.state === 'asked' ? cancellation.dueAt : undefined,
  }
}
