import { Image, View } from '@tarojs/components'
import { accessible } from './accessible'

export interface PictureProps {
  /** What it is a picture of. */
  label: string
  /** A data URI or an address. */
  source: string
}

/** A square picture to scan. Its name is on the frame: the mini-program's image has none. */
export function Picture({ label, source }: PictureProps) {
  const isH5 = process.env.TARO_ENV === 'h5'
  return (
    <View className="picture" {...accessible({ role: 'img', label })}>
      <Image
        className="picture-image"
        src={source}
        {...(isH5 ? { nativeProps: { alt: '' } } : { showMenuByLongpress: true })}
      />
    </View>
  )
}
