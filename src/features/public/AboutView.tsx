import type { Welcome } from '#protocol/welcome'
import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'

export interface AboutScreen {
  readonly organization: string | undefined
  /** What has been granted and set up so far. */
  readonly about: Welcome['about']
  readonly version: string
  readonly onPrivacy: () => void
  readonly onPromises: () => void
  /** Only for somebody who has signed in. */
  readonly onFeedback: (() => void) | undefined
}

export function AboutView(screen: AboutScreen) {
  const { organization, about, version, onFeedback } = screen
  return (
    <>
      <Card title="周汇朝学">
        <Meta text="支部每周学习的登记簿。没有网络也能记录，联网后自动送达。" />
      </Card>
      <Card>
        <Row title="主办单位" detail={organization ?? '尚未设置'} />
        <Row title="政务应用备案号" detail={about?.filingNumber ?? '待备案'} />
        <Row title="ICP 备案号" detail={about?.icpNumber ?? '待备案'} />
        <Row title="联系方式" detail={about?.contact ?? '请联系所在支部的支部书记'} />
        <Row title="版本" detail={version} />
      </Card>
      <Card>
        <Row title="隐私保护说明" onPress={screen.onPrivacy} />
        <Row title="减负自检" detail="本软件从不做的事" onPress={screen.onPromises} />
        {onFeedback !== undefined && (
          <Row title="投诉建议" detail="直接交机关党委，不经过支部" onPress={onFeedback} />
        )}
      </Card>
    </>
  )
}
