import { Text } from '@tarojs/components'

/** A line of secondary text. */
export function Meta({ text }: { text: string }) {
  return <Text className="meta">{text}</Text>
}
