import { Text, View } from '@tarojs/components'
import { accessible } from './accessible'

export interface FiguresProps {
  items: readonly { label: string; value: number | string }[]
}

/** The sum line: numbers large, their word under them, read out as one sentence. */
export function Figures({ items }: FiguresProps) {
  const sentence = items.map(({ label, value }) => `${label} ${value}`).join('，')
  return (
    <View className="figures" {...accessible({ role: 'img', label: sentence })}>
      {items.map(({ label, value }) => (
        <View key={label} className="figure">
          <Text className="figure-value">{value}</Text>
          <Text className="figure-label">{label}</Text>
        </View>
      ))}
    </View>
  )
}
