import type { ReadingItem } from '#domain/reading'
import type { Pasted } from '#domain/reading-paste'
import { type Problem, problemText } from '#domain/refusal'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { detailOf, titleOf } from './reading-words'

export type EditListScreen =
  | { readonly state: 'not-yours' }
  | {
      readonly state: 'item'
      readonly line: string
      readonly error: string | undefined
      readonly problem: Problem | undefined
      readonly onLine: (line: string) => void
      readonly onSave: () => void
      readonly onWithdraw: () => void
      readonly onBack: () => void
    }
  | {
      readonly state: 'list'
      readonly isNew: boolean
      readonly title: string
      readonly about: string
      readonly titleError: string | undefined
      readonly problem: Problem | undefined
      readonly said: string | undefined
      readonly onTitle: (title: string) => void
      readonly onAbout: (about: string) => void
      readonly onSaveName: () => void
      readonly pasted: string
      readonly read: Pasted
      readonly onPasted: (text: string) => void
      readonly onAdd: (() => void) | undefined
      readonly items: readonly ReadingItem[]
      readonly onItem: (item: ReadingItem) => void
      readonly onWithdraw: (() => void) | undefined
      readonly withdrawing: { readonly onConfirm: () => void; readonly onCancel: () => void } | undefined
    }

const asWritten = '一行一项，例如：《书名》｜出版社｜12章｜必读，或者：标题｜来源｜2026-11-02｜https://…'

/** 修改清单, for who keeps it. */
export function EditListView({ screen }: { screen: EditListScreen }) {
  switch (screen.state) {
    case 'not-yours':
      return (
        <Empty title="您没有修改这份清单的权限" detail="支部清单由支部书记和支部委员编，上级清单由管理员编" />
      )
    case 'item':
      return <Item {...screen} />
    case 'list':
      return <List {...screen} />
  }
}

function Item({ line, error, ...screen }: Extract<EditListScreen, { state: 'item' }>) {
  return (
    <Card eyebrow="修改一项">
      <Field
        label="这一项"
        multiline
        maxLength={500}
        value={line}
        onInput={screen.onLine}
        hint={`${asWritten}。${noSecrets}`}
        {...(error === undefined ? {} : { error })}
      />
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      <Actions>
        <Button label="返回" onPress={screen.onBack} />
        <Button label="保存" kind="main" onPress={screen.onSave} />
      </Actions>
      <Button label="从清单里撤下" kind="quiet" onPress={screen.onWithdraw} />
    </Card>
  )
}

function List(screen: Extract<EditListScreen, { state: 'list' }>) {
  const { titleError, read } = screen
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.said !== undefined && <Notice tone="ok" text={screen.said} />}
      <Card eyebrow={screen.isNew ? '新建清单' : '清单'}>
        <Field
          label="清单名称"
          maxLength={40}
          value={screen.title}
          onInput={screen.onTitle}
          {...(titleError === undefined ? {} : { error: titleError })}
        />
        <Field
          label="说明（可不填）"
          multiline
          maxLength={200}
          value={screen.about}
          onInput={screen.onAbout}
          hint={noSecrets}
        />
        <Button label="保存名称和说明" onPress={screen.onSaveName} />
      </Card>
      {!screen.isNew && (
        <Card eyebrow="添加">
          <Field
            label="书目或链接"
            multiline
            maxLength={100_000}
            value={screen.pasted}
            onInput={screen.onPasted}
            hint={`${asWritten}。可以整段粘贴。只列书名和出处，不要粘贴书的正文。${noSecrets}`}
          />
          {screen.pasted.trim() !== '' && (
            <Meta
              text={`认出 ${read.items.length} 项，其中必读 ${read.items.filter((each) => each.isRequired).length} 项`}
            />
          )}
          {read.problems.slice(0, 5).map(({ line, text, problem }) => (
            <Notice key={line} tone="red" text={`第 ${line} 行「${text.slice(0, 20)}」：${problem}`} />
          ))}
          {read.problems.length > 5 && <Meta text={`还有 ${read.problems.length - 5} 行要改`} />}
          <Button
            label="添加到清单"
            kind="main"
            disabled={screen.onAdd === undefined}
            onPress={() => screen.onAdd?.()}
          />
        </Card>
      )}
      {screen.items.length > 0 && (
        <Card eyebrow={`清单里的 ${screen.items.length} 项`}>
          <LongList
            name="内容"
            items={screen.items}
            each={(item) => (
              <Row
                key={item.id}
                title={titleOf(item)}
                detail={detailOf(item)}
                onPress={() => screen.onItem(item)}
              />
            )}
          />
        </Card>
      )}
      {screen.onWithdraw !== undefined && (
        <Button label="撤下这份清单" kind="quiet" onPress={screen.onWithdraw} />
      )}
      {screen.withdrawing !== undefined && (
        <Sheet
          title="撤下这份清单？"
          onCancel={screen.withdrawing.onCancel}
          actions={<Button label="撤下" kind="main" onPress={screen.withdrawing.onConfirm} />}
        >
          <Meta text="同志们不再看到它。他们自己的进度和笔记都还在。" />
        </Sheet>
      )}
    </>
  )
}
