import { View } from '@tarojs/components'
import type { ReactNode } from 'react'

/** A place whose content comes and goes. On weapp a node that appears among others sends all its
 *  siblings again; in a slot of its own it sends itself alone. */
export function Slot({ children }: { children?: ReactNode }) {
  return <View>{children}</View>
}
