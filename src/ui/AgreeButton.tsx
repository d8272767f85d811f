import { Button, View } from '@tarojs/components'

/** WeChat's own button: only a tap on it counts as agreeing to the privacy guide. Weapp alone. */
export function AgreeButton({ id, label, onAgree }: { id: string; label: string; onAgree: () => void }) {
  return (
    <View className="button-block">
      <Button
        id={id}
        className="button tap button-main button-native"
        hoverClass="pressed"
        openType="agreePrivacyAuthorization"
        onAgreePrivacyAuthorization={onAgree}
      >
        {label}
      </Button>
    </View>
  )
}
