import { Text, View } from '@tarojs/components'
import { accessible, pressable } from './accessible'

export interface ChoiceOption<Value extends string> {
  value: Value
  label: string
  /** The colour when chosen; a frame and heavier type say it too. */
  tone?: 'ok' | 'wait' | 'red'
}

export interface ChoiceProps<Value extends string> {
  /** Whose line this is. Every option is called by it and its own word: 「林晓 到会」. */
  label: string
  options: readonly ChoiceOption<Value>[]
  value?: Value
  onChange: (value: Value) => void
  disabled?: boolean
  /** Many options, or long ones: on as many lines as it takes, each in its own frame. */
  wrap?: boolean
}

/** Longer words than this take a line each. */
const longestInColumns = 10

/** One of a few, in a line of the register. Arrow keys only walk: choosing records something, so
 *  it takes Enter, Space or a tap. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, options, value, onChange, disabled = false, wrap = false } = props
  const isLong = options.some((option) => option.label.length > longestInColumns)
  const tabStop = options.find((option) => option.value === value) ?? options[0]
  return (
    <View
      className={`choice${wrap ? ' choice-wrap' : ''}${wrap && isLong ? ' choice-lines' : ''}`}
      {...accessible({ role: 'radiogroup', label, disabled })}
    >
      {options.map((option) => {
        const checked = option.value === value
        const look = `${checked ? ` choice-on choice-${option.tone ?? 'ok'}` : ''}${disabled ? ' choice-off' : ''}`
        return (
          <View
            key={option.value}
            className={`choice-option tap${look}`}
            {...accessible({ role: 'radio', label: `${label} ${option.label}`, checked, disabled })}
            {...pressable(() => onChange(option.value), {
              disabled,
              group: { isTabStop: option === tabStop },
            })}
          >
            <Text>{option.label}</Text>
          </View>
        )
      })}
    </View>
  )
}
