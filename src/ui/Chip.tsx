import { Text } from '@tarojs/components'

export interface ChipProps {
  label: string
  tone?: 'neutral' | 'ok' | 'wait' | 'red'
}

export function Chip({ label, tone = 'neutral' }: ChipProps) {
  return <Text className={`chip chip-${tone}`}>{label}</Text>
}
