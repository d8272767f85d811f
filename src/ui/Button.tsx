import { Text, View } from '@tarojs/components'
import { accessible, pressable } from './accessible'

export interface Action {
  label: string
  onPress: () => void
}

export interface ButtonProps extends Action {
  /** `main` is the one thing to do next: at most one on a screen. */
  kind?: 'main' | 'quiet' | 'plain' | 'danger'
  disabled?: boolean
  /** Under way: the label stays, a second press does nothing. */
  busy?: boolean
  hint?: string
}

/** Drawn on View: Taro's own button has no role on H5 and a style of its own on weapp. */
export function Button({
  label,
  onPress,
  kind = 'quiet',
  disabled = false,
  busy = false,
  hint,
}: ButtonProps) {
  const isOff = disabled || busy
  return (
    <View className="button-block">
      <View
        className={`button tap button-${kind}${disabled ? ' button-off' : ''}`}
        {...accessible({ role: 'button', label, disabled: isOff, busy })}
        {...pressable(onPress, { disabled: isOff })}
      >
        <Text>{label}</Text>
        {busy && <Text {...accessible({ hidden: true })}>…</Text>}
      </View>
      {hint !== undefined && <Text className="hint">{hint}</Text>}
    </View>
  )
}
