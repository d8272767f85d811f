import { type Credit, hoursOfYear, sumOfHours } from '#domain/credit'
import { formatDay } from '#domain/day'
import { keyOf } from '#domain/gathering'
import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'

export interface CreditsScreen {
  readonly year: number
  readonly credits: readonly Credit[]
}

const whyWords = { attended: '到会', 'made-up': '补学' } as const

/** 学时: one's own, each with the study behind it. Nobody else sees them. */
export function CreditsCard({ year, credits }: CreditsScreen) {
  return (
    <Card eyebrow={`${year} 年学时`} title={`${sumOfHours(credits)} 学时`}>
      <Meta
        text={`按支部登记的学习折算，不在手机上计时，只有您自己能看到。党员每年参加学习一般不少于 ${hoursOfYear} 学时，这里记周汇朝学和支部的学习会议`}
      />
      {credits.map(({ study, hours, why }) => (
        <Row
          key={keyOf(study)}
          title={`${formatDay(study.heldOn)} · ${study.topic}`}
          detail={`${whyWords[why]} · ${hours} 学时`}
        />
      ))}
    </Card>
  )
}
