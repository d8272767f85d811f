import { Text, View } from '@tarojs/components'
import { useState } from 'react'
export default function Page() {
  const [n, setN] = useState(0)
  return (
    <View aria-role="button" aria-label="签到" onClick={() => setN(n + 1)}>
      <Text>你好 {n}</Text>
    </View>
  )
}
