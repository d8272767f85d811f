import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { privacyApis } from './privacy-apis'
import { kept, notKept, rights, sensitive } from './privacy-text'

export interface PrivacyScreen {
  readonly version: string
  readonly organization: string | undefined
  /** They agreed to an older text; undefined when there is nothing to agree to here. */
  readonly agreement:
    | { readonly isBusy: boolean; readonly problem: string | undefined; readonly onAgree: () => void }
    | undefined
  /** The guide as it is filed with WeChat; only inside WeChat. */
  readonly contract: { readonly name: string; readonly onRead: () => void } | undefined
}

export function PrivacyView({ version, organization, agreement, contract }: PrivacyScreen) {
  return (
    <>
      {agreement !== undefined && (
        <Card title="说明有更新，请您重新同意">
          <Meta text="您之前同意过旧的说明。请看过下面的内容后再决定；不同意可以在「我的账号」里撤回同意。" />
          {agreement.problem !== undefined && <Notice tone="red" text={agreement.problem} />}
          <Button label="同意" kind="main" busy={agreement.isBusy} onPress={agreement.onAgree} />
        </Card>
      )}
      <Card eyebrow={`${version} 版`} title="隐私保护说明">
        <Meta
          text={`您的资料由${organization ?? '所在机关党委'}和您所在的支部保管，只用于支部的学习登记。${notKept}`}
        />
      </Card>
      <Card title="敏感个人信息：党员身份">
        <Meta text={sensitive} />
      </Card>
      <Card title="保存什么、为什么、谁能看到、保存多久">
        {kept.map(({ what, why, who, howLong }) => (
          <Row key={what} title={what} detail={`用途：${why}。${who}。${howLong}。`} />
        ))}
      </Card>
      <Card title="在微信里会用到">
        <Meta text="用到时才询问，可以不同意，不影响其他功能。" />
        {privacyApis.map(({ api, information, purpose }) => (
          <Row key={api} title={information} detail={purpose} />
        ))}
        {contract !== undefined && (
          <Row title={contract.name} detail="在微信登记的指引，点开阅读全文" onPress={contract.onRead} />
        )}
      </Card>
      <Card title="您的权利">
        {rights.map(({ title, detail }) => (
          <Row key={title} title={title} detail={detail} />
        ))}
      </Card>
      <Card title="联系我们">
        <Meta text="可以找所在支部的支部书记；也可以在「关于」里的「投诉建议」向机关党委管理员提出，不经过支部。" />
      </Card>
    </>
  )
}
