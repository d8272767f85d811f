import { useState } from 'react'
import { clockOf, type Week } from '#domain/day'
import type { BranchId, PersonId } from '#domain/ids'
import { reviewOf } from '#domain/review'
import { branchScope, reviewScope } from '#domain/scopes'
import { type ChainMatch, readChain, writeChain } from '#domain/sign-up-chain'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { ChainScreen, ReadLine } from './ChainView'

export function useChain({ replica }: SignedIn, branchId: BranchId, week: Week): ChainScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [text, setText] = useState('')
  const [matches, setMatches] = useState<readonly ChainMatch[]>()
  const [refusal, setRefusal] = useState<'too-long' | 'nothing-found'>()
  const [notice, setNotice] = useState<string>()
  /** By place in `matches`: whom the keeper chose, or that it counts for nobody. */
  const [chosen, setChosen] = useState<Readonly<Record<number, PersonId | 'nobody'>>>({})
  const [recorded, setRecorded] = useState<number>()

  const review = reviewOf(replica, branchId, week)
  if (review === undefined || review.study.state !== 'open') return { state: 'none' }
  const { study, members } = review
  const byId = new Map(members.map((member) => [member.memberId, member]))
  const isFree = (id: PersonId) => {
    const member = byId.get(id)
    return member?.standing === 'unrecorded' && member.leave?.state !== 'asked'
  }
  /** With the number, where two have one name. */
  const nameOf = (id: PersonId) => {
    const name = byId.get(id)?.name ?? id
    if (members.filter((member) => member.name === name).length < 2) return name
    const number = replica.get(reviewScope(branchId), 'membership', id)?.number
    return `${name}（编号 ${number ?? id}）`
  }
  const copy = async () => {
    const names = members.map(({ name }) => name)
    const heading = {
      topic: study.topic,
      day: study.heldOn,
      time: clockOf(study.startsAt),
      place: study.place,
    }
    const wrong = await workspace.files.copy(writeChain(heading, names))
    setNotice(wrong === undefined ? '已复制，请粘贴到支部的微信群' : '没有复制成功，请再试一次')
  }
  if (recorded !== undefined) return { state: 'done', count: recorded }
  if (matches === undefined) {
    const read = () => {
      const reading = readChain(
        text,
        members.map(({ memberId, name }) => ({ memberId, name })),
      )
      setRefusal(reading.refusal)
      setChosen({})
      if (reading.refusal === undefined) setMatches(reading.matches)
    }
    return {
      state: 'pasting',
      text,
      refusal,
      notice,
      onText: setText,
      onRead: read,
      onCopy: () => void copy(),
    }
  }

  const lines = matches.map((match, place): ReadLine => {
    const choice = chosen[place] ?? match.memberId
    const memberId = choice === 'nobody' ? undefined : choice
    return {
      place,
      match,
      memberId,
      isLeftOut: choice === 'nobody',
      candidates: match.candidates.map((id) => ({ id, name: nameOf(id) })),
      isRecordedAlready: memberId !== undefined && !isFree(memberId),
    }
  })
  const toRecord = lines.filter(
    ({ memberId, isRecordedAlready }) => memberId !== undefined && !isRecordedAlready,
  )
  const named = new Set(lines.flatMap(({ memberId }) => memberId ?? []))

  const record = async () => {
    const scope = branchScope(branchId)
    const done = new Set<PersonId>()
    const present: PersonId[] = []
    for (const { memberId, match } of toRecord) {
      if (memberId === undefined || done.has(memberId)) continue
      done.add(memberId)
      const { standing, leaveKind, entry } = match
      if (standing === 'on-time' && entry.agent === undefined && replica.now() >= study.startsAt) {
        present.push(memberId)
        continue
      }
      const args = {
        week,
        memberId,
        standing,
        version: byId.get(memberId)?.line?.version ?? 0,
        ...(leaveKind === undefined ? {} : { leaveKind }),
        ...(entry.agent === undefined ? {} : { reason: `群接龙由 ${entry.agent} 代填` }),
      }
      const result = await submit(replica.submit('record-attendance', scope, args))
      if (result?.outcome !== 'recorded') return
    }
    if (present.length > 0) {
      const result = await submit(replica.submit('record-rest', scope, { week, memberIds: present }))
      if (result?.outcome !== 'recorded') return
    }
    setRecorded(done.size)
  }
  return {
    state: 'reviewing',
    lines,
    toRecord: new Set(toRecord.map(({ memberId }) => memberId)).size,
    missing: members.filter(({ memberId, standing }) => standing === 'unrecorded' && !named.has(memberId)),
    problem,
    onChoose: (place, choice) => setChosen({ ...chosen, [place]: choice }),
    onRecord: () => void record(),
    onAgain: () => setMatches(undefined),
  }
}
