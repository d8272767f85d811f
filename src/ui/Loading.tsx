import { Text, View } from '@tarojs/components'
import { accessible } from './accessible'

export function Loading({ label = '正在打开…' }: { label?: string }) {
  return (
    <View className="loading" {...accessible({ role: 'status', live: 'polite' })}>
      <Text>{label}</Text>
    </View>
  )
}
