import { Text, View } from '@tarojs/components'
import { accessible } from './accessible'

export interface DigitsProps {
  /** As it is read out: 「现场码 1 2 3 4 5 6」. */
  label: string
  groups: readonly [string, string]
}

/** Digits for a whole room to read, one group under another where they do not fit. */
export function Digits({ label, groups }: DigitsProps) {
  const [first, second] = groups
  return (
    <View className="digits" {...accessible({ role: 'img', label })}>
      <Text className="digits-group">{first}</Text>
      <Text className="digits-group">{second}</Text>
    </View>
  )
}
