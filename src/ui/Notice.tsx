import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { accessible, pressable } from './accessible'
import type { Action } from './Button'

export interface NoticeProps {
  tone?: 'wait' | 'red' | 'ok' | 'neutral'
  text?: string
  children?: ReactNode
  action?: Action
}

/** What happened and what to do, in the flow of the page. */
export function Notice({ tone = 'wait', text, children, action }: NoticeProps) {
  return (
    <View className={`notice notice-${tone}`}>
      <View className="notice-text" {...accessible({ role: 'status', live: 'polite' })}>
        {text !== undefined && <Text>{text}</Text>}
        {children}
      </View>
      {action && (
        <View
          className="notice-action tap"
          {...accessible({ role: 'button', label: action.label })}
          {...pressable(action.onPress)}
        >
          <Text>{action.label}</Text>
        </View>
      )}
    </View>
  )
}
