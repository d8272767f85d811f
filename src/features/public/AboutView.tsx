import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'

export interface AboutScreen {
  readonly organization: string | undefined
  readonly version: string
}

export function AboutView({ organization, version }: AboutScreen) {
  return (
    <>
      <Card title="周汇朝学">
        <Meta text="支部每周学习的登记簿。没有网络也能记录，联网后自动送达。" />
      </Card>
      <Card>
        <Row title="主办单位" detail={organization ?? '尚未设置'} />
        <Row title="政务应用备案号" detail="待备案" />
        <Row title="ICP 备案号" detail="待备案" />
        <Row title="联系方式" detail="请联系所在支部的支部书记" />
        <Row title="版本" detail={version} />
      </Card>
    </>
  )
}
