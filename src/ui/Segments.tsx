import { Text, View } from '@tarojs/components'
import { accessible, pressable } from './accessible'

export interface SegmentsProps<Value extends string> {
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onChange: (value: Value) => void
}

export function Segments<Value extends string>({ label, options, value, onChange }: SegmentsProps<Value>) {
  return (
    <View className="segments" {...accessible({ role: 'tablist', label })}>
      {options.map((option) => {
        const selected = option.value === value
        return (
          <View
            key={option.value}
            className={`segment tap${selected ? ' segment-on' : ''}`}
            {...accessible({ role: 'tab', label: option.label, selected })}
            {...pressable(() => onChange(option.value), { group: { isTabStop: selected } })}
          >
            <Text>{option.label}</Text>
          </View>
        )
      })}
    </View>
  )
}
