import {
  type ChangeEvent,
  type CSSProperties,
  createElement,
  forwardRef,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { onPlatform } from './taro-api'

/** Doubles of Taro's built-in components: plain DOM, with Taro's events. Components are tested as
 *  on H5, where roles are real; a test of what the mini-program gets calls `onPlatform`. */
if (process.env.TARO_ENV === undefined) onPlatform('h5')

interface BoxProps {
  id?: string
  className?: string
  style?: string | CSSProperties
  role?: string
  tabIndex?: number
  children?: ReactNode
  onClick?: (event: MouseEvent) => void
  onKeyDown?: (event: KeyboardEvent) => void
  [name: string]: unknown
}

const passed =
  /^(id|className|role|tabIndex|children|onClick|onKeyDown|dangerouslySetInnerHTML|(aria|data)-.+)$/

/** Keeps what the DOM understands. `aria-role` is the mini-program's own word, so it goes where a
 *  test can read it and React does not mind. */
function toDom({ style, ...props }: BoxProps) {
  const entries = Object.entries(props).filter(([name]) => passed.test(name))
  const named = entries.map(([name, value]) => [name === 'aria-role' ? 'data-aria-role' : name, value])
  return { ...Object.fromEntries(named), ...(typeof style === 'object' ? { style } : {}) }
}

const box = (tag: 'div' | 'span' | 'button') =>
  forwardRef((props: BoxProps, ref: Ref<HTMLElement>) => createElement(tag, { ...toDom(props), ref }))

export const View = box('div')
export const ScrollView = box('div')
export const CustomWrapper = box('div')
export const Swiper = box('div')
export const SwiperItem = box('div')
export const Form = box('div')
export const Label = box('span')
export const Text = box('span')
export const Button = box('button')

export function Block({ children }: { children?: ReactNode }) {
  return <>{children}</>
}

interface InputProps extends BoxProps {
  value?: string
  placeholder?: string
  maxlength?: number
  disabled?: boolean
  password?: boolean
  /** What Taro hands on to the browser's own element on H5. */
  nativeProps?: Record<string, string>
  onInput?: (event: { detail: { value: string } }) => void
  onBlur?: (event: { detail: { value: string } }) => void
  onConfirm?: (event: { detail: { value: string } }) => void
}

function field(props: InputProps) {
  const { value = '', placeholder, maxlength, disabled, nativeProps = {}, onInput, onBlur } = props
  return {
    ...toDom(props),
    ...nativeProps,
    value,
    placeholder,
    maxLength: maxlength,
    disabled,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onInput?.({ detail: { value: event.target.value } }),
    onBlur: () => onBlur?.({ detail: { value } }),
  }
}

export function Input(props: InputProps) {
  const { value = '', password = false, onConfirm } = props
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onConfirm?.({ detail: { value } })
  }
  return <input {...field(props)} type={password ? 'password' : 'text'} onKeyDown={onKeyDown} />
}

export function Textarea(props: InputProps) {
  return <textarea {...field(props)} />
}

export function Image({ src, ...props }: BoxProps & { src: string }) {
  const label = props['aria-label']
  return <img {...toDom(props)} src={src} alt={typeof label === 'string' ? label : ''} />
}

/** Draws text only: a test of an article asks for its words. */
export function RichText({ nodes, ...props }: BoxProps & { nodes?: string }) {
  return <div {...toDom(props)}>{typeof nodes === 'string' ? nodes.replace(/<[^>]*>/g, ' ') : null}</div>
}

interface PickerProps extends BoxProps {
  value?: string
  onChange?: (event: { detail: { value: string } }) => void
}

/** A wheel of dates, times or lines: `fireEvent.change` on the input gives the choice. */
export function Picker({ value = '', onChange, children, ...props }: PickerProps) {
  return (
    <div>
      <input
        {...toDom(props)}
        value={value}
        onChange={(event) => onChange?.({ detail: { value: event.target.value } })}
      />
      {children}
    </div>
  )
}
