import type { ReadingItem, ReadingList, ReadingProgress, ReadingState } from '#domain/reading'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'
import { Segments } from '#ui/Segments'
import { chipOf, detailOf, placeText, titleOf } from './reading-words'

export type ReadingFilter = 'all' | 'required' | 'left'

export type ReadingListScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly list: ReadingList
      readonly total: number
      readonly items: readonly {
        readonly item: ReadingItem
        readonly progress: ReadingProgress | undefined
        readonly state: ReadingState
      }[]
      readonly filter: ReadingFilter
      readonly onFilter: (filter: ReadingFilter) => void
      readonly onItem: (item: ReadingItem) => void
      /** The keepers'. */
      readonly onEdit: (() => void) | undefined
    }

const filters = [
  { value: 'all', label: '全部' },
  { value: 'required', label: '必读' },
  { value: 'left', label: '没读完' },
] as const

/** One list, and where one is with each thing on it. */
export function ReadingListView({ screen }: { screen: ReadingListScreen }) {
  if (screen.state === 'none') return <Empty title="没有这份清单" detail="可能已经撤下，请返回读书清单查看" />
  const { list, items, onEdit } = screen
  return (
    <>
      <Card eyebrow="读书清单" title={list.title}>
        {list.about !== '' && <Meta text={list.about} />}
        {onEdit !== undefined && <Button label="修改清单" onPress={onEdit} />}
      </Card>
      {screen.total === 0 ? (
        <Empty title="清单里还没有内容" detail="添加书目或链接以后，会列在这里" />
      ) : (
        <>
          <Segments label="看哪些" options={filters} value={screen.filter} onChange={screen.onFilter} />
          {items.length === 0 ? (
            <Empty title="没有这样的内容" />
          ) : (
            <Card key={screen.filter}>
              <LongList
                name="内容"
                items={items}
                each={({ item, progress, state }) => {
                  const chip = chipOf(state)
                  const place = state === 'reading' && progress !== undefined ? [placeText(progress)] : []
                  return (
                    <Row
                      key={item.id}
                      title={titleOf(item)}
                      detail={[detailOf(item), ...place].join(' · ')}
                      {...(chip !== undefined && { chip })}
                      onPress={() => screen.onItem(item)}
                    />
                  )
                }}
              />
            </Card>
          )}
        </>
      )}
    </>
  )
}
