import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { Switch } from '#ui/Switch'

export interface MeScreen {
  readonly person: { readonly name: string; readonly parts: string } | undefined
  readonly waiting: number
  readonly isLargeType: boolean
  readonly isLeaving: boolean
  readonly onLargeType: (isOn: boolean) => void
  readonly onTray: () => void
  readonly onReminders: () => void
  readonly onAccount: () => void
  readonly onPrivacy: () => void
  readonly onFeedback: () => void
  readonly onPromises: () => void
  readonly onAbout: () => void
  readonly onSignIn: () => void
  readonly onLeaving: (isLeaving: boolean) => void
  readonly onSignOut: () => void
}

export function MeView(screen: MeScreen) {
  const { person, waiting } = screen
  return (
    <>
      {person === undefined ? (
        <Card title="还没有登录">
          <Meta text="登录后可以签到、请假、查看自己的记录" />
          <Button label="登录" kind="main" onPress={screen.onSignIn} />
        </Card>
      ) : (
        <Card title={person.name}>
          <Meta text={person.parts} />
        </Card>
      )}
      <Card>
        <Switch
          label="大字模式"
          detail="文字和按钮放大，也会随微信的字体设置打开"
          checked={screen.isLargeType}
          onChange={screen.onLargeType}
        />
        {person !== undefined && (
          <Row title="未送达" detail={waiting === 0 ? '都已送达' : `${waiting} 条`} onPress={screen.onTray} />
        )}
        {person !== undefined && (
          <Row title="学习前提醒" detail="微信提醒、手机日历，用不用随您" onPress={screen.onReminders} />
        )}
        {person !== undefined && (
          <Row title="投诉建议" detail="直接交机关党委，不经过支部" onPress={screen.onFeedback} />
        )}
        {person !== undefined && (
          <Row title="我的账号" detail="导出、更正、撤回同意、注销" onPress={screen.onAccount} />
        )}
        <Row title="隐私保护说明" onPress={screen.onPrivacy} />
        <Row title="减负自检" detail="不打卡、不排名、不计时的承诺" onPress={screen.onPromises} />
        <Row title="关于" onPress={screen.onAbout} />
      </Card>
      {person !== undefined && (
        <Button label="退出登录" kind="quiet" onPress={() => screen.onLeaving(true)} />
      )}
      {screen.isLeaving && (
        <Sheet
          title="退出登录？"
          onCancel={() => screen.onLeaving(false)}
          actions={<Button label="退出" kind="danger" onPress={screen.onSignOut} />}
        >
          <Meta
            text={
              waiting === 0
                ? '本机的学习记录会清除，下次登录后重新取回。'
                : `还有 ${waiting} 条没有送达，会留在本机，等您再次登录后送达。`
            }
          />
        </Sheet>
      )}
    </>
  )
}
