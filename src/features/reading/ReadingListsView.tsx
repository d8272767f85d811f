import type { ReadingProgress } from '#domain/reading'
import type { Found } from '#domain/reading-search'
import type { ListedItem, ListedReading } from '#domain/reading-shelf'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field } from '#ui/Field'
import { LongList } from '#ui/LongList'
import { Row } from '#ui/Row'
import { detailOf, placeText, titleOf } from './reading-words'

export interface ReadingListsScreen {
  readonly query: string
  readonly onQuery: (query: string) => void
  /** Undefined while nothing is looked for. */
  readonly found: readonly Found[] | undefined
  /** The latest first. */
  readonly reading: readonly (ListedItem & { readonly progress: ReadingProgress })[]
  readonly groups: readonly {
    readonly name: string
    readonly lists: readonly {
      readonly listed: ListedReading
      readonly items: number
      readonly required: number
      /** The person's own, for their own eyes. */
      readonly read: number
    }[]
    /** The keepers'. */
    readonly onAdd: (() => void) | undefined
  }[]
  readonly onList: (listed: ListedReading) => void
  readonly onItem: (listed: ListedItem) => void
}

/** 读书清单: what to read, what one is reading, and where something stands. */
export function ReadingListsView({ screen }: { screen: ReadingListsScreen }) {
  return (
    <>
      <Card>
        <Field
          label="查找"
          value={screen.query}
          onInput={screen.onQuery}
          maxLength={40}
          hint="书名、出版社、来源，或您自己的笔记。没有网络也能查，查什么不会上传"
        />
      </Card>
      {screen.found === undefined ? (
        <Lists {...screen} />
      ) : (
        <Results found={screen.found} onItem={screen.onItem} />
      )}
    </>
  )
}

function Results({ found, onItem }: { found: readonly Found[]; onItem: ReadingListsScreen['onItem'] }) {
  if (found.length === 0) return <Empty title="没有找到" detail="换一个词，或者少写几个字再试" />
  return (
    <Card eyebrow={`找到 ${found.length} 项`}>
      <LongList
        name="结果"
        items={found}
        each={(each) => (
          <Row
            key={`${each.list.id}/${each.item.id}`}
            title={titleOf(each.item)}
            detail={
              each.inNote === undefined
                ? `${each.list.title} · ${detailOf(each.item)}`
                : `笔记：${each.inNote}`
            }
            onPress={() => onItem(each)}
          />
        )}
      />
    </Card>
  )
}

function Lists({ groups, reading, onList, onItem }: ReadingListsScreen) {
  const isEmpty = groups.every(({ lists }) => lists.length === 0)
  return (
    <>
      {reading.length > 0 && (
        <Card eyebrow="接着读">
          <LongList
            name="在读"
            portion={3}
            items={reading}
            each={(each) => (
              <Row
                key={`${each.list.id}/${each.item.id}`}
                title={titleOf(each.item)}
                detail={`${placeText(each.progress)} · ${each.list.title}`}
                onPress={() => onItem(each)}
              />
            )}
          />
        </Card>
      )}
      {isEmpty && <Empty title="还没有读书清单" detail="上级或支部列出清单以后，会出现在这里" />}
      {groups.map(
        ({ name, lists, onAdd }) =>
          (lists.length > 0 || onAdd !== undefined) && (
            <Card key={name} eyebrow={name}>
              {lists.map(({ listed, items, required, read }) => (
                <Row
                  key={listed.list.id}
                  title={listed.list.title}
                  detail={`${items} 项，必读 ${required} 项${read === 0 ? '' : `，您读完 ${read} 项`}`}
                  onPress={() => onList(listed)}
                />
              ))}
              {onAdd !== undefined && <Button label={`新建${name}`} onPress={onAdd} />}
            </Card>
          ),
      )}
    </>
  )
}
