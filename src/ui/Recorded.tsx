import { Text, View } from '@tarojs/components'
import { accessible } from './accessible'

export interface RecordedProps {
  title: string
  detail?: string
  /** `wait`: recorded, and something is still to come. */
  tone?: 'ok' | 'wait'
}

/** Says that an act has been recorded. */
export function Recorded({ title, detail, tone = 'ok' }: RecordedProps) {
  return (
    <View className={`recorded recorded-${tone}`} {...accessible({ role: 'status', live: 'polite' })}>
      <View className={`tick tick-${tone}`} {...accessible({ hidden: true })}>
        <Text>{tone === 'ok' ? '✓' : '…'}</Text>
      </View>
      <View className="recorded-text">
        <Text className="recorded-title">{title}</Text>
        {detail !== undefined && <Text className="recorded-detail">{detail}</Text>}
      </View>
    </View>
  )
}
