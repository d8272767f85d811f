import { Text, View } from '@tarojs/components'
import { accessible, pressable } from './accessible'

export interface SwitchProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  detail?: string
  disabled?: boolean
}

/** The whole line is the switch. */
export function Switch({ label, checked, onChange, detail, disabled = false }: SwitchProps) {
  return (
    <View
      className="row tap"
      {...accessible({ role: 'switch', label, checked, disabled })}
      {...pressable(() => onChange(!checked), { disabled })}
    >
      <View className="row-text">
        <Text className="row-title">{label}</Text>
        {detail !== undefined && <Text className="row-detail">{detail}</Text>}
      </View>
      <Text className="switch-word">{checked ? '开' : '关'}</Text>
      <View className={`switch${checked ? ' switch-on' : ''}`}>
        <View className="switch-knob" />
      </View>
    </View>
  )
}
