/** What a screen reader is told, written once for both platforms. (A `.tsx` although it draws
 *  nothing: `#ui/*` maps to `.tsx` only.) */

type Role =
  | 'alert'
  | 'banner'
  | 'button'
  | 'dialog'
  | 'group'
  | 'heading'
  | 'img'
  | 'link'
  | 'main'
  | 'progressbar'
  | 'radio'
  | 'radiogroup'
  | 'status'
  | 'switch'
  | 'tab'
  | 'tablist'

export interface Meaning {
  role?: Role
  label?: string
  checked?: boolean
  selected?: boolean
  disabled?: boolean
  hidden?: boolean
  live?: 'polite' | 'assertive'
  /** The rest is for H5; the mini-program has no such attributes. */
  level?: 1 | 2 | 3 | 4
  busy?: boolean
  modal?: boolean
  now?: number
}

type Flag = boolean | 'true' | 'false'

export interface AccessibleProps {
  role?: Role
  'aria-role'?: Role
  'aria-label'?: string
  'aria-checked'?: Flag
  'aria-selected'?: Flag
  'aria-disabled'?: Flag
  'aria-hidden'?: Flag
  'aria-live'?: 'polite' | 'assertive'
  'aria-level'?: number
  'aria-busy'?: Flag
  'aria-modal'?: Flag
  'aria-valuenow'?: number
}

/** Give an element the same keys every time it is drawn: Taro's H5 adapter writes a key that has
 *  gone as the text "undefined". */
export function accessible(meaning: Meaning): AccessibleProps {
  const isH5 = process.env.TARO_ENV === 'h5'
  const { role, label, live, level, now } = meaning
  // On H5 a boolean `false` would take the attribute away; on weapp the text "false" counts as true.
  const flag = (value: boolean): Flag => (isH5 ? (value ? 'true' : 'false') : value)
  const props: AccessibleProps = {}

  if (role !== undefined) props[isH5 ? 'role' : 'aria-role'] = role
  if (label !== undefined) props['aria-label'] = label
  if (live !== undefined) props['aria-live'] = live
  if (meaning.checked !== undefined) props['aria-checked'] = flag(meaning.checked)
  if (meaning.selected !== undefined) props['aria-selected'] = flag(meaning.selected)
  if (meaning.disabled !== undefined) props['aria-disabled'] = flag(meaning.disabled)
  if (meaning.hidden !== undefined) props['aria-hidden'] = flag(meaning.hidden)
  if (isH5) {
    if (level !== undefined) props['aria-level'] = level
    if (now !== undefined) props['aria-valuenow'] = now
    if (meaning.busy !== undefined) props['aria-busy'] = flag(meaning.busy)
    if (meaning.modal !== undefined) props['aria-modal'] = flag(meaning.modal)
  }
  return props
}

/** The part of a keyboard event that both the browser's and React's own have. */
interface KeyPress {
  readonly key: string
  readonly repeat: boolean
  readonly currentTarget: EventTarget | null
  preventDefault(): void
}

export interface PressableProps {
  hoverClass: string
  onClick: () => void
  tabIndex?: number
  onKeyDown?: (event: KeyPress) => void
}

interface PressableOptions {
  disabled?: boolean
  /** In a group the arrow keys walk, and only the member with `isTabStop` is reached by Tab. */
  group?: { isTabStop: boolean }
}

/** Makes a View react to a finger on both platforms, and to the keyboard on H5. */
export function pressable(
  onPress: () => void,
  { disabled = false, group }: PressableOptions = {},
): PressableProps {
  const press = () => {
    if (!disabled) onPress()
  }
  const props: PressableProps = { hoverClass: disabled ? 'none' : 'pressed', onClick: press }
  if (process.env.TARO_ENV !== 'h5') return props

  const onKeyDown = (event: KeyPress) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (!event.repeat) press()
    } else if (group !== undefined && event.key.startsWith('Arrow')) {
      event.preventDefault()
      const here = event.currentTarget instanceof HTMLElement ? event.currentTarget : null
      const isBack = event.key === 'ArrowLeft' || event.key === 'ArrowUp'
      const next = isBack ? here?.previousElementSibling : here?.nextElementSibling
      if (next instanceof HTMLElement) next.focus()
    }
  }
  return { ...props, onKeyDown, tabIndex: group?.isTabStop === false ? -1 : 0 }
}
