import { clockOf, formatDay } from '#domain/day'
import type { HeldStudy } from '#domain/weekly-study'
import { Card } from '#ui/Card'
import { Digits } from '#ui/Digits'
import { Empty } from '#ui/Empty'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'

/** 现场码, for the room to see: nothing on it is about a person. */
export type CodeScreen =
  | { readonly state: 'loading' }
  | { readonly state: 'no-study' }
  | { readonly state: 'upcoming'; readonly study: HeldStudy }
  | { readonly state: 'ended' }
  /** This phone has not been given yet what the codes are made from. */
  | { readonly state: 'no-code' }
  | {
      readonly state: 'shown'
      readonly study: HeldStudy
      readonly code: string
      readonly secondsLeft: number
    }

export function CodeView({ screen }: { screen: CodeScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取现场码…" />
    case 'no-study':
      return <Empty title="这一周没有学习" detail="本周停学，或学习还没有安排" />
    case 'upcoming': {
      const { heldOn, opensAt } = screen.study
      return <Empty title="还没有开始签到" detail={`${formatDay(heldOn)} ${clockOf(opensAt)} 起出示现场码`} />
    }
    case 'ended':
      return <Empty title="本次签到已截止" detail="不再出示现场码，到会的同志可以在登记簿里登记" />
    case 'no-code':
      return (
        <Empty
          title="这部手机上还没有现场码"
          detail="请连一次网，取到以后不用网络也能出示；或者直接用登记簿"
        />
      )
    case 'shown':
      return <Shown {...screen} />
  }
}

function Shown({ study, code, secondsLeft }: Extract<CodeScreen, { state: 'shown' }>) {
  return (
    <>
      <Card
        eyebrow={`周汇朝学 · ${formatDay(study.heldOn)}`}
        title={study.topic === '' ? '本周主题待定' : study.topic}
      >
        <Digits label={`现场码 ${[...code].join(' ')}`} groups={[code.slice(0, 3), code.slice(3)]} />
        <Meta text={`每 60 秒换一次 · 还有 ${secondsLeft} 秒`} />
      </Card>
      <Card eyebrow="怎样用">
        <Meta text="两边都不用联网。同志们在首页点「输入现场码」，填这六位数字。" />
        <Meta text="签到是自愿的，直接点「签到」也可以；没有签到的同志，由支部登记。" />
      </Card>
    </>
  )
}
