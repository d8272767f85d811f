import { useState } from 'react'
import { chaptersMost, itemKey, movedTo, stateOf } from '#domain/reading'
import type { NoteKind, ReadingNote } from '#domain/reading-note'
import { hasReflection, progressOf, type StandingNote, standingNotes } from '#domain/reading-shelf'
import { organizationScope, type Scope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { ReadingItemScreen } from './ReadingItemView'

interface Writing {
  readonly noteId: string
  readonly kind: NoteKind
  readonly words: string
  /** The versions that it will take the place of. */
  readonly replaces: readonly string[]
  readonly isWrong: boolean
}

export interface ItemAsked {
  readonly listId: string
  readonly itemId: string
}

export function useReadingItem(
  { replica }: SignedIn,
  scope: Scope,
  { listId, itemId }: ItemAsked,
): ReadingItemScreen {
  const workspace = useWorkspace()
  const [chapter, setChapter] = useState<string>()
  const [writing, setWriting] = useState<Writing>()
  const [said, setSaid] = useState<string>()
  const { problem, submit } = useSubmit()
  const list = replica.get(scope, 'reading-list', listId)
  const item = replica.get(scope, 'reading-item', itemKey(listId, itemId))
  const authority = replica.authority()
  if (list === undefined || item === undefined || authority === undefined) return { state: 'none' }

  const { personId } = replica
  const at = organizationScope(authority.organizationId)
  const progress = progressOf(replica, personId, item)
  const notes = standingNotes(replica, personId, { listId, id: itemId })
  const move = async (to: { chapter: number; isRead: boolean }) => {
    setChapter(undefined)
    await submit(replica.submit('keep-reading-place', at, movedTo(progress, item, to)))
  }
  const write = async (note: Omit<ReadingNote, 'at' | 'listId' | 'itemId' | 'versionId'>) => {
    const args = { ...note, listId, itemId, versionId: workspace.newName() }
    const result = await submit(replica.submit('write-reading-note', at, args))
    if (result?.outcome === 'recorded') setWriting(undefined)
  }
  const replacing = ({ noteId, versions }: StandingNote) => ({
    noteId,
    kind: versions[0]?.kind ?? 'note',
    replaces: versions.map(({ versionId }) => versionId),
  })
  const copy = async (url: string) =>
    setSaid(
      (await workspace.files.copy(url)) === undefined
        ? '已复制，请在浏览器里打开'
        : '没有复制成功，请长按链接复制',
    )

  const most = item.chapters === 0 ? chaptersMost : item.chapters
  const typed = Number(chapter)
  const isChapter = Number.isInteger(typed) && typed >= 1 && typed <= most
  const { url } = item
  return {
    state: 'ready',
    listTitle: list.title,
    item,
    isWithdrawn: item.isWithdrawn === true || list.isWithdrawn === true,
    progress,
    standing: stateOf(progress, hasReflection(notes)),
    problem,
    said,
    onCopy: url === undefined ? undefined : () => void copy(url),
    onBegin: progress === undefined ? () => void move({ chapter: 0, isRead: false }) : undefined,
    onNext:
      item.kind === 'book' && progress?.isRead === false && progress.chapter < most
        ? () => void move({ chapter: progress.chapter + 1, isRead: false })
        : undefined,
    onRead:
      progress?.isRead === true
        ? undefined
        : () => void move({ chapter: progress?.chapter ?? 0, isRead: true }),
    onUnread:
      progress?.isRead === true ? () => void move({ chapter: progress.chapter, isRead: false }) : undefined,
    chapter:
      item.kind === 'link'
        ? undefined
        : {
            value: chapter,
            error:
              chapter === undefined || chapter === '' || isChapter
                ? undefined
                : `请填写 1 到 ${most} 之间的数`,
            onOpen: () => setChapter(String(progress?.chapter ?? '')),
            onInput: setChapter,
            onSave: isChapter ? () => void move({ chapter: typed, isRead: false }) : undefined,
          },
    notes: notes.map((note) => ({
      ...note,
      onEdit: () =>
        setWriting({
          ...replacing(note),
          words: note.versions.map(({ words }) => words).join('\n\n'),
          isWrong: false,
        }),
      onDelete: () => void write({ ...replacing(note), words: '' }),
    })),
    writing: writing && {
      ...writing,
      onKind: (kind) => setWriting({ ...writing, kind }),
      onWords: (words) => setWriting({ ...writing, words, isWrong: false }),
      onSave: () => {
        const { isWrong: _, ...note } = writing
        if (note.words.trim() === '') setWriting({ ...writing, isWrong: true })
        else void write({ ...note, replaces: [...note.replaces] })
      },
      onCancel: () => setWriting(undefined),
    },
    onWrite: () =>
      setWriting({ noteId: workspace.newName(), kind: 'note', words: '', replaces: [], isWrong: false }),
  }
}
