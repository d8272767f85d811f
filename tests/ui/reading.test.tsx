import { act, render, renderHook, screen } from '@testing-library/preact'
import { branchScope, memberScope, organizationScope } from '#domain/scopes'
import { EditListView } from '#features/reading/EditListView'
import { ReadingItemView } from '#features/reading/ReadingItemView'
import { ReadingListsView } from '#features/reading/ReadingListsView'
import { ReadingListView } from '#features/reading/ReadingListView'
import { useEditList } from '#features/reading/useEditList'
import { useReadingItem } from '#features/reading/useReadingItem'
import { useReadingList } from '#features/reading/useReadingList'
import { useReadingLists } from '#features/reading/useReadingLists'
import { admin, association, home, linXiao, onlineAt, TestBranch, zhouSecretary } from '../support/branch'
import { inWorkspace } from '../support/in-workspace'
import { phoneOf, settled, workspace } from '../support/ruled-phone'

const above = organizationScope(association)
const scope = branchScope(home)
const nowhere = { list: () => undefined, item: () => undefined, add: () => undefined, edit: () => undefined }

const list = { id: 'l1', title: '支部共读', about: '每月一本', version: 0 }
const item = (id: string, more = {}) => ({
  ...{ listId: 'l1', id, place: 1, kind: 'book', title: `书${id}`, source: '', chapters: 3 },
  ...{ isRequired: true, version: 0, ...more },
})

function withList() {
  const branch = new TestBranch()
  const items = [
    item('a'),
    item('b', { place: 2, isRequired: false, kind: 'link', url: 'https://example.cn/b' }),
  ]
  expect(branch.act(zhouSecretary, 'keep-reading-list', { list, items }, onlineAt('08:00'))).toBe('accepted')
  return branch
}

/** A hook over the records as they are, drawn again after each thing somebody does. */
function held<Screen extends { readonly state: string }>(use: () => Screen) {
  const { result, rerender } = renderHook(use, inWorkspace(workspace))
  return {
    is<State extends Screen['state']>(state: State): Extract<Screen, { state: State }> {
      rerender()
      const { current } = result
      if (current.state !== state) throw new Error(current.state)
      return current as Extract<Screen, { state: State }> // as just looked at
    },
  }
}
const does = async (what: (() => void) | undefined) => {
  if (what === undefined) throw new Error('it is not offered')
  act(what)
  await settled()
}

test('a keeper makes a list, pastes what is on it, mends a line and takes one away', async () => {
  const branch = new TestBranch()
  const edit = held(() => useEditList(phoneOf(branch, zhouSecretary), scope, undefined, () => undefined))
  await does(edit.is('list').onSaveName)
  expect(edit.is('list').titleError).toBe('请填写清单名称')
  await does(() => edit.is('list').onTitle('支部共读'))
  await does(edit.is('list').onSaveName)
  expect(edit.is('list')).toMatchObject({ isNew: false, said: '已保存', onAdd: undefined })

  await does(() => edit.is('list').onPasted('《甲》｜出版社｜12章｜必读\n甲｜乙｜丙'))
  const { container, unmount } = render(<EditListView screen={edit.is('list')} />)
  expect(container.textContent).toContain('认出 1 项，其中必读 1 项')
  expect(container.textContent).toContain('第 2 行「甲｜乙｜丙」：认不出「丙」')
  expect(edit.is('list').onAdd).toBeUndefined()
  unmount()
  const many = Array.from({ length: 120 }, (_, index) => `书${index}｜选读`).join('\n')
  await does(() => edit.is('list').onPasted(`《甲》｜出版社｜12章｜必读\n${many}`))
  await does(edit.is('list').onAdd)
  expect(edit.is('list')).toMatchObject({ said: '已添加 121 项', pasted: '' })
  expect(edit.is('list').items).toHaveLength(121)

  const [first] = edit.is('list').items
  if (first === undefined) throw new Error('nothing was added')
  await does(() => edit.is('list').onItem(first))
  expect(edit.is('item').line).toBe('《甲》｜出版社｜12章｜必读')
  await does(() => edit.is('item').onLine('《甲》｜出版社\n《乙》'))
  await does(edit.is('item').onSave)
  expect(edit.is('item').error).toBe('请只写一行')
  await does(() => edit.is('item').onLine('《甲》｜另一家｜10章｜选读'))
  await does(edit.is('item').onSave)
  const mended = edit.is('list').items[0]
  expect(mended).toMatchObject({ id: first.id, source: '另一家', chapters: 10, isRequired: false })
  if (mended === undefined) throw new Error('it is gone')
  await does(() => edit.is('list').onItem(mended))
  await does(edit.is('item').onWithdraw)
  expect(edit.is('list').items).toHaveLength(120)

  await does(edit.is('list').onWithdraw)
  await does(edit.is('list').withdrawing?.onConfirm)
  const lists = renderHook(
    () => useReadingLists(phoneOf(branch, zhouSecretary), association, nowhere),
    inWorkspace(workspace),
  )
  expect(lists.result.current.groups[1]?.lists).toEqual([])
})

test('whoever does not keep a list is told who does', () => {
  const edit = held(() => useEditList(phoneOf(withList(), linXiao), scope, 'l1', () => undefined))
  render(<EditListView screen={edit.is('not-yours')} />)
  expect(screen.getByText('您没有修改这份清单的权限')).toBeTruthy()
})

test('a reader begins, goes on, jumps back, finishes and thinks better of it', async () => {
  const branch = withList()
  const reading = held(() => useReadingItem(phoneOf(branch, linXiao), scope, { listId: 'l1', itemId: 'a' }))
  const ready = () => reading.is('ready')
  expect(ready()).toMatchObject({ standing: 'unread', onNext: undefined, onUnread: undefined })
  await does(ready().onBegin)
  await does(ready().onNext)
  await does(ready().onNext)
  expect(ready()).toMatchObject({ standing: 'reading', progress: { chapter: 2 }, onBegin: undefined })
  await does(ready().chapter?.onOpen)
  await does(() => ready().chapter?.onInput('4'))
  expect(ready().chapter).toMatchObject({ error: '请填写 1 到 3 之间的数', onSave: undefined })
  await does(() => ready().chapter?.onInput('1'))
  await does(ready().chapter?.onSave)
  expect(ready().progress).toMatchObject({ chapter: 1, round: 1 })
  await does(ready().onRead)
  expect(ready()).toMatchObject({ standing: 'read', onRead: undefined, onNext: undefined })
  await does(ready().onUnread)
  expect(ready()).toMatchObject({ standing: 'reading', progress: { chapter: 1 } })
})

test('notes are written, changed and deleted; two versions of two devices are shown until they are one', async () => {
  const branch = withList()
  const reading = held(() => useReadingItem(phoneOf(branch, linXiao), scope, { listId: 'l1', itemId: 'a' }))
  const ready = () => reading.is('ready')
  await does(ready().onWrite)
  await does(ready().writing?.onSave)
  expect(ready().writing?.isWrong).toBe(true)
  await does(() => ready().writing?.onKind('reflection'))
  await does(() => ready().writing?.onWords('手机上写的'))
  await does(ready().writing?.onSave)
  expect(ready()).toMatchObject({ standing: 'reflected', writing: undefined })

  const note = branch.records.list(memberScope(linXiao), 'reading-note', '')[0]
  const elsewhere = { ...note, versionId: 'other', words: '电脑上写的', at: 0 }
  const { at: _, ...args } = elsewhere
  expect(branch.act(linXiao, 'write-reading-note', args, onlineAt('08:40'), above)).toBe('accepted')
  const { container, unmount } = render(<ReadingItemView screen={ready()} />)
  expect(container.textContent).toContain('两台设备各写了一份，2 份都在下面')
  unmount()
  await does(ready().notes[0]?.onEdit)
  expect(ready().writing?.words.split('\n\n').sort()).toEqual(['手机上写的', '电脑上写的'].sort())
  await does(() => ready().writing?.onWords('合在一起'))
  await does(ready().writing?.onSave)
  expect(ready().notes).toMatchObject([{ versions: [{ words: '合在一起' }] }])
  await does(ready().notes[0]?.onDelete)
  expect(ready().notes).toEqual([])
})

test('a link is copied, and what was taken from the list says so and keeps what one wrote', async () => {
  const branch = withList()
  const reading = held(() => useReadingItem(phoneOf(branch, linXiao), scope, { listId: 'l1', itemId: 'b' }))
  const ready = () => reading.is('ready')
  await does(ready().onCopy)
  expect(ready()).toMatchObject({ said: '已复制，请在浏览器里打开', chapter: undefined, onNext: undefined })
  await does(ready().onBegin)
  const gone = { ...item('b', { place: 2, kind: 'link', version: 1, isWithdrawn: true }) }
  const args = { list: { ...list, version: 1 }, items: [gone] }
  expect(branch.act(zhouSecretary, 'keep-reading-list', args, onlineAt('08:30'))).toBe('accepted')
  expect(ready()).toMatchObject({ isWithdrawn: true, standing: 'reading' })
  const missing = held(() => useReadingItem(phoneOf(branch, linXiao), scope, { listId: 'l1', itemId: 'x' }))
  expect(missing.is('none')).toEqual({ state: 'none' })
})

test('the lists: what one goes on with, one’s own count, and what is looked for', async () => {
  const branch = withList()
  const place = { listId: 'l1', itemId: 'a', round: 0, chapter: 2, isRead: false }
  branch.act(linXiao, 'keep-reading-place', place, onlineAt('08:10'), above)
  const { result, rerender } = renderHook(
    () => useReadingLists(phoneOf(branch, linXiao), association, nowhere),
    inWorkspace(workspace),
  )
  const shown = render(<ReadingListsView screen={result.current} />)
  expect(shown.container.textContent).toContain('接着读《书a》读到第 2 章 · 支部共读')
  expect(shown.container.textContent).toContain('支部共读2 项，必读 1 项')
  expect(shown.container.textContent).not.toContain('新建')
  shown.unmount()
  act(() => result.current.onQuery('没有的'))
  rerender()
  render(<ReadingListsView screen={result.current} />)
  expect(screen.getByText('没有找到')).toBeTruthy()

  const nobody = renderHook(
    () => useReadingLists(phoneOf(new TestBranch(), admin), association, nowhere),
    inWorkspace(workspace),
  )
  const empty = render(<ReadingListsView screen={nobody.result.current} />)
  expect(empty.container.textContent).toContain('还没有读书清单')
  expect(empty.container.textContent).toContain('新建上级清单')
})

test('a list shows all of it, what is required, or what one has not finished', async () => {
  const branch = withList()
  const done = { listId: 'l1', itemId: 'a', round: 0, chapter: 0, isRead: true }
  branch.act(linXiao, 'keep-reading-place', done, onlineAt('08:10'), above)
  const open = held(() => useReadingList(phoneOf(branch, linXiao), scope, 'l1', nowhere))
  const ids = () => open.is('ready').items.map((each) => each.item.id)
  expect(ids()).toEqual(['a', 'b'])
  expect(open.is('ready').onEdit).toBeUndefined()
  await does(() => open.is('ready').onFilter('required'))
  expect(ids()).toEqual(['a'])
  await does(() => open.is('ready').onFilter('left'))
  expect(ids()).toEqual(['b'])
  const { container } = render(<ReadingListView screen={open.is('ready')} />)
  expect(container.textContent).toContain('选读')
  const gone = held(() => useReadingList(phoneOf(branch, linXiao), scope, 'gone', nowhere))
  expect(gone.is('none')).toEqual({ state: 'none' })
})
