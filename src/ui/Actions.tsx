import { View } from '@tarojs/components'
import type { ReactNode } from 'react'

/** Buttons side by side, one under another where they do not fit. */
export function Actions({ children }: { children: ReactNode }) {
  return <View className="actions">{children}</View>
}
