import { formatDay } from '#domain/day'
import type { Welcome } from '#protocol/welcome'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

export interface GuestScreen {
  readonly welcome: Welcome | undefined
  readonly onSignIn: () => void
  readonly onPromises: () => void
  readonly onAbout: () => void
}

/** What anybody sees, before and without signing in. */
export function GuestView({ welcome, onSignIn, onPromises, onAbout }: GuestScreen) {
  return (
    <>
      {welcome === undefined && (
        <Notice tone="wait" text="没有连上服务器。登录过的同志联网一次后即可离线使用" />
      )}
      {welcome !== undefined && welcome.organization === undefined && (
        <Card title="这台服务器还没有建立组织">
          <Meta text="请管理员按部署手册执行「创建组织」命令，取得第一张邀请码" />
        </Card>
      )}
      <Card eyebrow={welcome?.organization?.name ?? '周汇朝学'} title="支部每周学习的登记簿">
        <Meta text="党员自愿签到，没有网络也能记录；支部书记一次登记，统计都从这里来，不重复填写。" />
        <Button label="登录" kind="main" onPress={onSignIn} />
      </Card>
      {welcome?.week !== undefined && (
        <Card
          eyebrow={`第 ${welcome.week.number} 周${welcome.week.heldOn === undefined ? '' : ` · ${formatDay(welcome.week.heldOn)}`}`}
          aside={
            welcome.week.moved === undefined ? undefined : <Chip tone="wait" label={welcome.week.moved} />
          }
          title={welcome.week.topic === '' ? '本周主题待定' : welcome.week.topic}
        >
          <Meta text="各支部同一时间学习，具体安排由支部通知" />
        </Card>
      )}
      <Card eyebrow="怎样加入">
        <Meta text="支部书记发给您一张邀请码，只能使用一次。点「登录」输入即可，不需要注册。" />
      </Card>
      <Card>
        <Row title="减负自检" detail="不打卡、不排名、不计时的承诺" onPress={onPromises} />
        <Row title="关于" onPress={onAbout} />
      </Card>
    </>
  )
}
