import { View } from '@tarojs/components'
import type { ReactNode } from 'react'

/** Keeps several cards in one column of a wide page. */
export function Stack({ children }: { children: ReactNode }) {
  return <View className="stack">{children}</View>
}
