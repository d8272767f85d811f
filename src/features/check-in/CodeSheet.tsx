import { useState } from 'react'
import { typedCode } from '#domain/study-code'
import { Button } from '#ui/Button'
import { Field } from '#ui/Field'
import { Sheet } from '#ui/Sheet'

export interface CodeSheetProps {
  readonly onConfirm: (code: string) => void
  readonly onCancel: () => void
}

/** A check-in that the code of the study bears out. It is taken without one just the same. */
export function CodeSheet({ onConfirm, onCancel }: CodeSheetProps) {
  const [text, setText] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const confirm = () => {
    const code = typedCode(text)
    setIsWrong(code === undefined)
    if (code !== undefined) onConfirm(code)
  }
  return (
    <Sheet
      title="输入现场码"
      onCancel={onCancel}
      actions={<Button label="用现场码签到" kind="main" onPress={confirm} />}
    >
      <Field
        label="现场码"
        value={text}
        inputType="number"
        maxLength={12}
        hint="会场出示的六位数字，每 60 秒换一次；不填也可以直接签到"
        {...(isWrong ? { error: '现场码是六位数字，请照会场出示的再填一次' } : {})}
        onInput={(next) => {
          setText(next)
          setIsWrong(false)
        }}
      />
    </Sheet>
  )
}
