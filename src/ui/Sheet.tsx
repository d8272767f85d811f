import { Text, View } from '@tarojs/components'
import { type ReactNode, useEffect, useRef } from 'react'
import { Actions } from './Actions'
import { accessible } from './accessible'
import { Button } from './Button'

export interface SheetProps {
  title: string
  children?: ReactNode
  /** Buttons; the cancel button is added before them. */
  actions?: ReactNode
  onCancel: () => void
  cancelLabel?: string
}

/** A panel over the bottom of the page. It is open while it is drawn. */
export function Sheet({ title, children, actions, onCancel, cancelLabel = '取消' }: SheetProps) {
  const panel = useKeyboardInside(onCancel)
  return (
    <View className="sheet">
      {/* Only the shade stops the page behind from moving: on the panel it would stop long content too. */}
      <View className="sheet-shade" catchMove onClick={() => onCancel()} {...accessible({ hidden: true })} />
      <View
        ref={panel}
        className="sheet-panel"
        {...accessible({ role: 'dialog', label: title, modal: true })}
        {...(process.env.TARO_ENV === 'h5' ? { tabIndex: -1 } : {})}
      >
        <View className="sheet-title" {...accessible({ role: 'heading', level: 2 })}>
          <Text>{title}</Text>
        </View>
        <View className="sheet-body">{children}</View>
        <Actions>
          <Button label={cancelLabel} onPress={onCancel} />
          {actions}
        </Actions>
      </View>
    </View>
  )
}

/** On H5 the keyboard belongs to the open panel: it starts there, Tab goes round in it, Escape
 *  cancels, and afterwards the focus is where it was. */
function useKeyboardInside(onCancel: () => void) {
  const panel = useRef<HTMLElement | null>(null)
  const cancel = useRef(onCancel)
  cancel.current = onCancel

  useEffect(() => {
    const dialog = panel.current
    if (process.env.TARO_ENV !== 'h5' || dialog === null) return
    const before = document.activeElement
    // Not at once: Taro's H5 elements move their children while they set up, which loses the focus.
    const settled = setTimeout(() => dialog.focus(), 50)

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') cancel.current()
      if (event.key !== 'Tab') return
      const stops = dialog.querySelectorAll<HTMLElement>('[tabindex="0"], input, textarea')
      const first = stops[0]
      const last = stops[stops.length - 1]
      const here = document.activeElement
      if (event.shiftKey && (here === first || here === dialog)) {
        event.preventDefault()
        last?.focus()
      } else if (!event.shiftKey && here === last) {
        event.preventDefault()
        first?.focus()
      }
    }
    // Caught on the way down: Taro's input keeps its key presses to itself.
    document.addEventListener('keydown', onKeyDown, true)
    return () => {
      clearTimeout(settled)
      document.removeEventListener('keydown', onKeyDown, true)
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  return panel
}
