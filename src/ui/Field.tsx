import { Input, Text, Textarea, View } from '@tarojs/components'
import { useId } from 'react'
import { accessible } from './accessible'

/** Said wherever people write in words of their own, or hand in a file. */
export const noSecrets = '请不要填写涉密内容'

export interface FieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  multiline?: boolean
  placeholder?: string
  /** Taro's own limit is 140 unless told otherwise. */
  maxLength?: number
  hint?: string
  error?: string
  /** `number` brings up digits and keeps what was typed, leading zeros too. */
  inputType?: 'text' | 'number' | 'password'
  disabled?: boolean
}

export function Field(props: FieldProps) {
  const { label, value, onInput, multiline = false, placeholder = '', hint, error, disabled = false } = props
  const { inputType = 'text', maxLength = multiline ? 2000 : 200 } = props
  const isH5 = process.env.TARO_ENV === 'h5'
  const noteId = useId()
  const note = error ?? hint

  // On H5 the attributes must be on the browser's own input, which Taro wraps. `type="number"`
  // there would lose the leading zeros of a code.
  const meaning = isH5
    ? {
        nativeProps: {
          'aria-label': label,
          'aria-invalid': error === undefined ? 'false' : 'true',
          ...(note === undefined ? {} : { 'aria-describedby': noteId }),
          ...(inputType === 'number' ? { inputMode: 'numeric' } : {}),
        },
      }
    : accessible({ label })
  const shared = {
    ...meaning,
    className: `field-input${multiline ? ' field-area' : ''}${error === undefined ? '' : ' field-wrong'}`,
    value,
    placeholder,
    placeholderClass: 'field-placeholder',
    maxlength: maxLength,
    disabled,
    cursorSpacing: 96,
    onInput: (event: { detail: { value: string } }) => onInput(event.detail.value),
  }

  return (
    <View className="field">
      <View className="field-label" {...accessible({ hidden: true })}>
        <Text>{label}</Text>
        {multiline && props.maxLength !== undefined && (
          <Text className="field-count">
            {value.length}/{maxLength}
          </Text>
        )}
      </View>
      {multiline ? (
        <Textarea {...shared} autoHeight />
      ) : (
        <Input
          {...shared}
          type={inputType === 'number' && !isH5 ? 'number' : 'text'}
          password={inputType === 'password'}
        />
      )}
      {note !== undefined && (
        <View
          id={noteId}
          className={error === undefined ? 'hint' : 'field-error'}
          {...accessible({ live: 'polite' })}
        >
          <Text>{note}</Text>
        </View>
      )}
    </View>
  )
}
