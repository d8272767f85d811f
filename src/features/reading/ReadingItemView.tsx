import { dayOf, formatDay } from '#domain/day'
import type { ReadingItem, ReadingProgress, ReadingState } from '#domain/reading'
import type { NoteKind } from '#domain/reading-note'
import type { StandingNote } from '#domain/reading-shelf'
import { type Problem, problemText } from '#domain/refusal'
import { noteKindWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { chipOf, detailOf, placeText, titleOf } from './reading-words'

export type ReadingItemScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly listTitle: string
      readonly item: ReadingItem
      readonly isWithdrawn: boolean
      readonly progress: ReadingProgress | undefined
      readonly standing: ReadingState
      readonly problem: Problem | undefined
      readonly said: string | undefined
      readonly onCopy: (() => void) | undefined
      readonly onBegin: (() => void) | undefined
      readonly onNext: (() => void) | undefined
      readonly onRead: (() => void) | undefined
      readonly onUnread: (() => void) | undefined
      /** Of a book: which one to say by hand, also an earlier one. */
      readonly chapter:
        | {
            readonly value: string | undefined
            readonly error: string | undefined
            readonly onOpen: () => void
            readonly onInput: (value: string) => void
            readonly onSave: (() => void) | undefined
          }
        | undefined
      readonly notes: readonly (StandingNote & {
        readonly onEdit: () => void
        readonly onDelete: () => void
      })[]
      readonly writing:
        | {
            readonly kind: NoteKind
            readonly words: string
            readonly replaces: readonly string[]
            readonly isWrong: boolean
            readonly onKind: (kind: NoteKind) => void
            readonly onWords: (words: string) => void
            readonly onSave: () => void
            readonly onCancel: () => void
          }
        | undefined
      readonly onWrite: () => void
    }
type Ready = Extract<ReadingItemScreen, { state: 'ready' }>

/** A book or a link: where one is, and what one wrote on it. */
export function ReadingItemView({ screen }: { screen: ReadingItemScreen }) {
  if (screen.state === 'none') return <Empty title="没有这一项" detail="可能已经撤下，请返回读书清单查看" />
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.isWithdrawn && <Notice tone="neutral" text="这一项已从清单里撤下，您的进度和笔记都还在" />}
      <Place {...screen} />
      {screen.writing === undefined ? <Notes {...screen} /> : <NoteForm {...screen.writing} />}
    </>
  )
}

function Place({ item, progress, standing, chapter, ...screen }: Ready) {
  const chip = chipOf(standing)
  return (
    <Card
      eyebrow={screen.listTitle}
      title={titleOf(item)}
      {...(chip !== undefined && { aside: <Chip {...chip} /> })}
    >
      <Meta text={detailOf(item)} />
      {progress !== undefined && !progress.isRead && <Meta text={placeText(progress)} />}
      {item.url !== undefined && screen.onCopy !== undefined && (
        <Row title="复制链接" detail={item.url} onPress={screen.onCopy} />
      )}
      {screen.said !== undefined && <Notice tone="neutral" text={screen.said} />}
      <Actions>
        {screen.onBegin !== undefined && <Button label="开始读" onPress={screen.onBegin} />}
        {screen.onRead !== undefined && (
          <Button
            label="读完了"
            {...(screen.onNext === undefined && { kind: 'main' as const })}
            onPress={screen.onRead}
          />
        )}
        {screen.onNext !== undefined && (
          <Button label={`读到第 ${(progress?.chapter ?? 0) + 1} 章`} kind="main" onPress={screen.onNext} />
        )}
        {screen.onUnread !== undefined && (
          <Button label="还没有读完" kind="quiet" onPress={screen.onUnread} />
        )}
      </Actions>
      {chapter !== undefined &&
        (chapter.value === undefined ? (
          <Button label="改为另一章" kind="quiet" onPress={chapter.onOpen} />
        ) : (
          <>
            <Field
              label="读到第几章"
              inputType="number"
              maxLength={3}
              value={chapter.value}
              onInput={chapter.onInput}
              {...(chapter.error === undefined ? {} : { error: chapter.error })}
            />
            <Button label="保存" disabled={chapter.onSave === undefined} onPress={() => chapter.onSave?.()} />
          </>
        ))}
      <Meta text="进度和笔记只有您自己能看到，换一部手机也能接着读。" />
    </Card>
  )
}

function Notes({ notes, onWrite }: Ready) {
  return (
    <Card eyebrow="笔记、摘录、心得">
      {notes.length === 0 && <Empty title="还没有写" detail="想到什么就写一句，没有网络也能写" />}
      {notes.map((note) => (
        <Note key={note.noteId} {...note} />
      ))}
      <Button label="写一条" onPress={onWrite} />
    </Card>
  )
}

function Note({ versions, onEdit, onDelete }: Ready['notes'][number]) {
  return (
    <>
      {versions.length > 1 && (
        <Notice
          tone="wait"
          text={`两台设备各写了一份，${versions.length} 份都在下面`}
          action={{ label: '合并', onPress: onEdit }}
        />
      )}
      {versions.map(({ versionId, kind, words, at }) => (
        <Row key={versionId} title={words} detail={`${noteKindWords[kind]} · ${formatDay(dayOf(at))}`} />
      ))}
      <Actions>
        <Button label="删除" kind="quiet" onPress={onDelete} />
        {versions.length === 1 && <Button label="修改" kind="quiet" onPress={onEdit} />}
      </Actions>
    </>
  )
}

const kinds = (['note', 'excerpt', 'reflection'] as const).map((value) => ({
  value,
  label: noteKindWords[value],
}))

function NoteForm({ kind, words, replaces, isWrong, ...on }: NonNullable<Ready['writing']>) {
  return (
    <Card eyebrow={replaces.length === 0 ? '写一条' : '修改'}>
      <Choice label="类别" options={kinds} value={kind} onChange={on.onKind} />
      <Field
        label={noteKindWords[kind]}
        multiline
        maxLength={2000}
        value={words}
        onInput={on.onWords}
        hint={`只有您自己能看到。${noSecrets}`}
        {...(isWrong && { error: '请写一点内容' })}
      />
      <Actions>
        <Button label="取消" onPress={on.onCancel} />
        <Button label="保存" kind="main" onPress={on.onSave} />
      </Actions>
    </Card>
  )
}
