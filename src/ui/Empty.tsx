import { Text, View } from '@tarojs/components'
import { type Action, Button } from './Button'

export interface EmptyProps {
  title: string
  detail?: string
  action?: Action
}

export function Empty({ title, detail, action }: EmptyProps) {
  return (
    <View className="empty">
      <Text className="empty-title">{title}</Text>
      {detail !== undefined && <Text className="meta">{detail}</Text>}
      {action && <Button {...action} />}
    </View>
  )
}
