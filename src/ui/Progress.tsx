import { View } from '@tarojs/components'
import { accessible } from './accessible'

export interface ProgressProps {
  label: string
  /** 0 to 1 */
  value: number
}

export function Progress({ label, value }: ProgressProps) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <View className="progress" {...accessible({ role: 'progressbar', label, now: percent })}>
      <View className="progress-done" style={{ width: `${percent}%` }} />
    </View>
  )
}
