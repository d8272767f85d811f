import { Text, View } from '@tarojs/components'

export interface RatesProps {
  items: readonly { label: string; numerator: number; denominator: number }[]
}

/** Rates stay fractions: with 12 people a percentage says less, and of nobody there is none. */
export function Rates({ items }: RatesProps) {
  return (
    <View className="rates">
      {items.map(({ label, numerator, denominator }) => (
        <View key={label} className="rate">
          <Text className="rate-label">{label}</Text>
          <Text className="rate-value">{denominator === 0 ? '—' : `${numerator}/${denominator}`}</Text>
        </View>
      ))}
    </View>
  )
}
