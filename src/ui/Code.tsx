import { Text, View } from '@tarojs/components'

/** A code to read out or to type from: large, in one line, and a long press selects it. */
export function Code({ text }: { text: string }) {
  return (
    <View className="code">
      <Text selectable userSelect>
        {text}
      </Text>
    </View>
  )
}
