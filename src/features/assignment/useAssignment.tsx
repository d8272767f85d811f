import { useState } from 'react'
import * as v from 'valibot'
import { dayOf } from '#domain/day'
import type { BranchId, PersonId } from '#domain/ids'
import type { BranchRole } from '#domain/person'
import { dayFrom, wantedDay } from '#domain/typed'
import { branchPeopleSchema, keepersSchema } from '#protocol/people'
import { type SignedIn, useAsked, useWorkspace } from '#workspace'
import type { AssignmentScreen, BranchChoice } from './AssignmentView'

export function useAssignment(
  { replica }: SignedIn,
  branchId: BranchId,
  memberId: PersonId,
): AssignmentScreen {
  const workspace = useWorkspace()
  const today = dayOf(replica.now())
  const people = useAsked(`/v1/branches/${branchId}/people`, branchPeopleSchema)
  const kept = useAsked('/v1/keepers', keepersSchema)
  const [chosen, setChosen] = useState<BranchRole>()
  const [sought, setSought] = useState('')
  const [to, setTo] = useState<BranchChoice>()
  const [on, setOn] = useState(today)
  const [onError, setOnError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [moved, setMoved] = useState<string>()
  const [told, setTold] = useState<{ problem?: string; said?: string }>({})

  if (moved !== undefined) return { state: 'moved', words: moved }
  const again = () => {
    people.again()
    kept.again()
  }
  for (const { asked } of [people, kept]) {
    if (asked.state === 'failed') return { state: 'failed', message: asked.message, onRetry: again }
  }
  if (people.asked.state !== 'answered' || kept.asked.state !== 'answered') return { state: 'loading' }
  const person = people.asked.value.people.find((each) => each.personId === memberId)
  const branches = kept.asked.value.branches.map(({ branchId: id, name }) => ({ id, name }))
  const branch = branches.find(({ id }) => id === branchId)
  if (branch === undefined) return { state: 'none' }
  if (person === undefined) return { state: 'none' }

  const call = async (path: string, body: object) => {
    setBusy(true)
    setTold({})
    const called = await workspace.call({ method: 'POST', path, body }, v.undefined())
    setBusy(false)
    if (called.is !== 'done') setTold({ problem: called.message })
    return called.is === 'done'
  }
  const role = person.role ?? 'none'
  const day = dayFrom(on, Number(today.slice(0, 4)))
  const transfer = async () => {
    setOnError(day === undefined ? wantedDay : undefined)
    if (day === undefined || to === undefined) return
    const body = { personId: memberId, from: branchId, to: to.id, on: day }
    if (await call('/v1/people/transfer', body)) setMoved(`已把${person.name}转到${to.name}`)
  }
  const appoint = async () => {
    const body = { personId: memberId, branchId, role: chosen ?? role }
    if (!(await call('/v1/people/appoint', body))) return
    setChosen(undefined)
    setTold({ said: '职务已保存' })
    again()
  }
  return {
    state: 'ready',
    name: person.name,
    branch,
    role,
    chosen: chosen ?? role,
    sought,
    others: branches.filter(({ id, name }) => id !== branchId && name.includes(sought.trim())),
    to,
    on,
    onError,
    isPast: day !== undefined && day < today,
    busy,
    problem: told.problem,
    said: told.said,
    onChoose: setChosen,
    onAppoint: () => void appoint(),
    onSeek: setSought,
    onTo: (next) => {
      setTold({})
      setTo(next)
    },
    onDay: setOn,
    onTransfer: () => void transfer(),
  }
}
