import { View } from '@tarojs/components'
import { type ReactNode, useState } from 'react'
import { Button } from './Button'

export interface LongListProps<Item> {
  /** What the items are: 「显示更多新增」 tells two lists on a page apart. */
  name: string
  items: readonly Item[]
  each: (item: Item) => ReactNode
  /** How many at a time. */
  portion?: number
}

/** A list that may be long, drawn as far as somebody looks. Each portion has a parent of its own, so
 *  that the next one does not send the earlier ones again. */
export function LongList<Item>({ name, items, each, portion = 20 }: LongListProps<Item>) {
  const [shown, setShown] = useState(portion)
  const starts = Array.from(
    { length: Math.ceil(Math.min(shown, items.length) / portion) },
    (_, index) => index * portion,
  )
  return (
    <>
      {starts.map((start) => (
        <View key={start} className="portion">
          {items.slice(start, start + portion).map(each)}
        </View>
      ))}
      {items.length > shown && <Button label={`显示更多${name}`} onPress={() => setShown(shown + portion)} />}
    </>
  )
}
