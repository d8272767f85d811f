import { View } from '@tarojs/components'
import type { ReactNode } from 'react'

/** Two columns on a wide page from 900 px; below that the second follows the first. */
export function Columns({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <View className="columns">
      <View className="column">{first}</View>
      <View className="column">{second}</View>
    </View>
  )
}
