import { useEffect } from 'react'
import { AgreeButton } from '#ui/AgreeButton'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { usePrivacyQuestion } from '#workspace'

const agreeButton = 'agree-to-privacy'

/** What WeChat wants agreed to before the use under way goes on: for what, to what, and a way out. */
export function PrivacySheet() {
  const question = usePrivacyQuestion()
  const onShown = question?.onShown
  useEffect(() => onShown?.(), [onShown])
  if (question === undefined) return null
  return (
    <Sheet
      title="请您先同意"
      cancelLabel="暂不同意"
      onCancel={question.onRefuse}
      actions={<AgreeButton id={agreeButton} label="同意" onAgree={() => question.onAgree(agreeButton)} />}
    >
      <Meta
        text={`接下来要${question.reason}。按微信的规定，使用前需要您同意下面的指引。不同意也可以照常使用其他功能。`}
      />
      <Row title={question.contract} detail="点开阅读全文" onPress={question.onReadContract} />
    </Sheet>
  )
}
