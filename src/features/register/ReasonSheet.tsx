import { useState } from 'react'
import { Button } from '#ui/Button'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Sheet } from '#ui/Sheet'

export interface ReasonSheetProps {
  readonly title: string
  readonly detail?: string
  readonly confirm: string
  /** Without it no reason is asked. */
  readonly reasonLabel?: string
  readonly onConfirm: (reason: string) => void
  readonly onCancel: () => void
}

/** Asks before something that others will see changed, and for the reason where one is kept. */
export function ReasonSheet({ title, detail, confirm, reasonLabel, onConfirm, onCancel }: ReasonSheetProps) {
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={title}
      onCancel={onCancel}
      actions={
        <Button
          label={confirm}
          kind="main"
          disabled={reasonLabel !== undefined && reason.trim() === ''}
          onPress={() => onConfirm(reason.trim())}
        />
      }
    >
      {detail !== undefined && <Meta text={detail} />}
      {reasonLabel !== undefined && (
        <Field
          label={reasonLabel}
          value={reason}
          onInput={setReason}
          maxLength={200}
          hint={`会记入更改记录，${noSecrets}`}
        />
      )}
    </Sheet>
  )
}
