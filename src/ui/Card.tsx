import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { accessible } from './accessible'

export interface CardProps {
  eyebrow?: string
  aside?: ReactNode
  title?: string
  titleLevel?: 2 | 3
  children?: ReactNode
}

/** One idea. Without a title the eyebrow is its heading. */
export function Card({ eyebrow, aside, title, titleLevel = 2, children }: CardProps) {
  const heading = accessible({ role: 'heading', level: titleLevel })
  return (
    <View className="card">
      {(eyebrow !== undefined || aside !== undefined) && (
        <View className="card-head">
          <View className="card-eyebrow" {...(eyebrow !== undefined && title === undefined ? heading : {})}>
            <Text>{eyebrow}</Text>
          </View>
          {typeof aside === 'string' ? <Text className="card-aside">{aside}</Text> : aside}
        </View>
      )}
      {title !== undefined && (
        <View className="card-title" {...heading}>
          <Text>{title}</Text>
        </View>
      )}
      {children}
    </View>
  )
}
