import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { accessible, pressable } from './accessible'

export interface PageProps {
  /** Drawn on H5 only: the mini-program has its own title bar, set by the page's config. */
  title?: string
  note?: string
  /** Large type: everything inside is 1.35 times as big and wraps. */
  large: boolean
  /** Two columns from 900 px, for the secretary's and the admin's pages. */
  wide?: boolean
  /** What ends the job, kept at the bottom of the screen. */
  dock?: ReactNode
  children?: ReactNode
  onBack?: () => void
}

export function Page({ title, note, large, wide = false, dock, children, onBack }: PageProps) {
  const className = `page${large ? ' large' : ''}${wide ? ' wide' : ''}`
  const isH5 = process.env.TARO_ENV === 'h5'
  return (
    <View className={className}>
      {isH5 && title !== undefined && (
        <View className="page-bar" {...accessible({ role: 'banner' })}>
          {onBack && (
            <View
              className="page-back tap"
              {...accessible({ role: 'button', label: '返回' })}
              {...pressable(onBack)}
            >
              <Text {...accessible({ hidden: true })}>‹</Text>
            </View>
          )}
          <View className="page-title" {...accessible({ role: 'heading', level: 1 })}>
            <Text>{title}</Text>
          </View>
          {note !== undefined && <Text className="page-note">{note}</Text>}
        </View>
      )}
      {/* Reached by Tab, so that a page without buttons can be scrolled by keyboard too. */}
      <View className="page-main" {...(isH5 ? { ...accessible({ role: 'main' }), tabIndex: 0 } : {})}>
        <View className="page-body">
          {!isH5 && note !== undefined && <Text className="page-note">{note}</Text>}
          {children}
        </View>
        {dock !== undefined && <View className="page-dock">{dock}</View>}
      </View>
    </View>
  )
}
