import { useState } from 'react'
import type { OrganizationId } from '#domain/ids'
import {
  affectedWeeks,
  emptyLines,
  type FestivalLine,
  linesFrom,
  missingFestivals,
  noticeFrom,
} from '#domain/notice-lines'
import { organizationScope } from '#domain/scopes'
import { type SignedIn, useSubmit } from '#workspace'
import type { NoticeScreen } from './NoticeView'

export function useNotice({ replica }: SignedIn, organizationId: OrganizationId, year: number): NoticeScreen {
  const { problem, submit } = useSubmit()
  const [typed, setTyped] = useState<readonly FestivalLine[]>()
  const [edited, setEdited] = useState<{ index: number; line: FestivalLine }>()
  const [isConfirming, setConfirming] = useState(false)
  const [isSaved, setSaved] = useState(false)

  const scope = organizationScope(organizationId)
  const organization = replica.get(scope, 'organization', 'organization')
  const horizon = replica.get(scope, 'horizon', 'horizon')
  if (organization === undefined || horizon === undefined) return { state: 'loading' }

  const entered = replica.get(scope, 'notice', String(year))
  const lines = typed ?? (entered?.source === 'notice' ? linesFrom(entered) : emptyLines())
  const read = noticeFrom(year, lines)
  const missing = missingFestivals(lines)
  const change = (next: readonly FestivalLine[]) => {
    setTyped(next)
    setEdited(undefined)
    setSaved(false)
  }
  const save = async () => {
    setConfirming(false)
    if ('problems' in read) return
    const result = await submit(replica.submit('confirm-calendar', scope, { notice: read.notice }))
    setSaved(result?.outcome === 'recorded')
  }
  return {
    state: 'ready',
    year,
    source: entered?.source ?? (`${year}-12-31` <= horizon.knownUntil ? 'library' : undefined),
    lines,
    // Before anything is typed there is nothing wrong yet.
    problems: 'problems' in read && typed !== undefined ? read.problems : [],
    missing,
    affected: 'notice' in read ? affectedWeeks(read.notice, organization.weekRule) : undefined,
    problem,
    isSaved,
    editing: edited && {
      year,
      line: edited.line,
      onLine: (words) => setEdited({ ...edited, line: { ...edited.line, ...words } }),
      onKeep: () => change(lines.map((line, index) => (index === edited.index ? edited.line : line))),
      onRemove: () => change(lines.filter((_, index) => index !== edited.index)),
      onCancel: () => setEdited(undefined),
    },
    confirming: isConfirming
      ? { onConfirm: () => void save(), onCancel: () => setConfirming(false) }
      : undefined,
    onAdd: () => {
      const line = { name: '', from: '', until: '', workdays: '' }
      setTyped([...lines, line])
      setEdited({ index: lines.length, line })
      setSaved(false)
    },
    onOpen: (index) => {
      const line = lines[index]
      if (line !== undefined) setEdited({ index, line })
    },
    onSave: () => (missing.length > 0 ? setConfirming(true) : void save()),
  }
}
