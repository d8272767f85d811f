import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { accessible, pressable } from './accessible'
import { Chip, type ChipProps } from './Chip'

export interface RowProps {
  title: string
  detail?: string
  /** A state in a word; a screen reader hears it with the line. */
  chip?: ChipProps
  /** Anything else at the end of the line, such as a Choice. Not in a line that is pressed. */
  aside?: ReactNode
  onPress?: () => void
  /** What a pressed line is called, when the words in it are not the best. */
  label?: string
}

/** A line of a list. Lines are parted by a rule, not boxed. */
export function Row({ title, detail, chip, aside, onPress, label }: RowProps) {
  const content = (
    <>
      <View className="row-text">
        <Text className="row-title">{title}</Text>
        {detail !== undefined && <Text className="row-detail">{detail}</Text>}
      </View>
      {chip && <Chip {...chip} />}
      {typeof aside === 'string' ? <Text className="row-detail">{aside}</Text> : aside}
    </>
  )
  if (onPress === undefined) return <View className="row">{content}</View>

  return (
    <View
      className="row tap"
      {...accessible({ role: 'button', ...(label === undefined ? {} : { label }) })}
      {...pressable(onPress)}
    >
      {content}
      <Text className="row-more" {...accessible({ hidden: true })}>
        ›
      </Text>
    </View>
  )
}
