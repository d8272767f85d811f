import { useState } from 'react'
import { itemsAtOnce } from '#domain/commands/reading'
import type { ReadingItem, ReadingList } from '#domain/reading'
import { bare, type PastedItem, readPasted } from '#domain/reading-paste'
import { itemsOf } from '#domain/reading-shelf'
import { placeOf, type Scope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { EditListScreen } from './EditListView'
import { isKeeperOf } from './reading-keeper'

const tidied = ({ title, about }: { title: string; about: string }) => ({
  title: title.trim(),
  about: about.trim(),
})

/** A keeper's list: its name, and what stands in it, typed or pasted. Every save is kept at once. */
export function useEditList(
  { replica }: SignedIn,
  scope: Scope,
  listId: string | undefined,
  onWithdrawn: () => void,
): EditListScreen {
  const workspace = useWorkspace()
  const [id] = useState(() => listId ?? workspace.newName())
  const [form, setForm] = useState<{ title: string; about: string }>()
  const [pasted, setPasted] = useState('')
  const [editing, setEditing] = useState<{ item: ReadingItem; line: string; error?: string }>()
  const [isWrong, setWrong] = useState(false)
  const [isWithdrawing, setWithdrawing] = useState(false)
  const [said, setSaid] = useState<string>()
  const { problem, submit } = useSubmit()
  if (!isKeeperOf(replica.authority(), scope)) return { state: 'not-yours' }

  const list = replica.get(scope, 'reading-list', id)
  const standing = list === undefined ? [] : itemsOf(replica, { scope, list })
  const name = placeOf(scope)?.kind === 'branch' ? 'keep-reading-list' : 'hand-down-reading-list'
  const keep = async (change: Partial<ReadingList>, items: readonly ReadingItem[] = []) => {
    const now = replica.get(scope, 'reading-list', id) ?? { id, title: '', about: '', version: 0 }
    const result = await submit(
      replica.submit(name, scope, { list: { ...now, ...change }, items: [...items] }),
    )
    return result?.outcome === 'recorded'
  }
  const saveName = async () => {
    const named = tidied(form ?? { title: list?.title ?? '', about: list?.about ?? '' })
    setWrong(named.title === '')
    if (named.title !== '' && (await keep(named))) {
      setForm(undefined)
      setSaid('已保存')
    }
  }
  const read = readPasted(pasted)
  const add = async () => {
    const first = Math.max(0, ...standing.map(({ place }) => place)) + 1
    const items = read.items.map(
      (item, index): ReadingItem => ({
        ...item,
        ...{ listId: id, id: workspace.newName(), place: first + index, version: 0 },
      }),
    )
    for (let from = 0; from < items.length; from += itemsAtOnce)
      if (!(await keep({}, items.slice(from, from + itemsAtOnce)))) return
    setPasted('')
    setSaid(`已添加 ${items.length} 项`)
  }
  const saveItem = async () => {
    if (editing === undefined) return
    const { items, problems } = readPasted(editing.line)
    const [only] = items
    if (only === undefined || items.length > 1 || problems.length > 0) {
      setEditing({ ...editing, error: problems[0]?.problem ?? '请只写一行' })
      return
    }
    const { listId: of, id: itemId, place, version } = editing.item
    if (await keep({}, [{ ...only, listId: of, id: itemId, place, version }])) setEditing(undefined)
  }
  const withdrawItem = async () => {
    if (editing !== undefined && (await keep({}, [{ ...editing.item, isWithdrawn: true }])))
      setEditing(undefined)
  }
  if (editing !== undefined)
    return {
      state: 'item',
      line: editing.line,
      error: editing.error,
      problem,
      onLine: (line) => setEditing({ item: editing.item, line }),
      onSave: () => void saveItem(),
      onWithdraw: () => void withdrawItem(),
      onBack: () => setEditing(undefined),
    }
  return {
    state: 'list',
    isNew: list === undefined,
    title: form?.title ?? list?.title ?? '',
    about: form?.about ?? list?.about ?? '',
    titleError: isWrong ? '请填写清单名称' : undefined,
    problem,
    said,
    onTitle: (title) => setForm({ about: list?.about ?? '', ...form, title }),
    onAbout: (about) => setForm({ title: list?.title ?? '', ...form, about }),
    onSaveName: () => void saveName(),
    pasted,
    read,
    onPasted: (text) => {
      setPasted(text)
      setSaid(undefined)
    },
    onAdd: read.items.length > 0 && read.problems.length === 0 ? () => void add() : undefined,
    items: standing,
    onItem: (item) => setEditing({ item, line: lineOf(item) }),
    onWithdraw: list === undefined ? undefined : () => setWithdrawing(true),
    withdrawing: isWithdrawing
      ? {
          onConfirm: () => void keep({ isWithdrawn: true }).then((isKept) => isKept && onWithdrawn()),
          onCancel: () => setWithdrawing(false),
        }
      : undefined,
  }
}

/** As it would be pasted. */
const lineOf = ({ kind, title, source, chapters, url, day, isRequired }: PastedItem): string =>
  [
    kind === 'book' ? `《${bare(title)}》` : title,
    source,
    chapters > 0 ? `${chapters}章` : '',
    day ?? '',
    url ?? '',
    isRequired ? '必读' : '选读',
  ]
    .filter(Boolean)
    .join('｜')
