import { lineKey } from '#domain/attendance'
import { clockOf, formatDay } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { isExpectedOn } from '#domain/membership'
import type { Leave } from '#domain/register'
import { memberScope } from '#domain/scopes'
import { nextStudy } from '#domain/upcoming'
import type { OpenStudy } from '#domain/weekly-study'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Meta } from '#ui/Meta'
import type { SignedIn } from '#workspace'

export interface NextStudyScreen {
  readonly study: OpenStudy
  readonly leave: Leave['state'] | undefined
  readonly onAskLeave: () => void
}

const leaveWords: Partial<Record<Leave['state'], string>> = {
  asked: '请假待批',
  accepted: '已准假',
  declined: '请假未获批准',
}

/** What comes next, once this week's has begun: leave is asked days ahead, not on the morning. */
export function NextStudyCard({ study, leave, onAskLeave }: NextStudyScreen) {
  const words = leave && leaveWords[leave]
  return (
    <Card
      eyebrow={`下一次学习 · ${formatDay(study.heldOn)}`}
      aside={words === undefined ? undefined : <Chip tone="wait" label={words} />}
      title={study.topic === '' ? '主题待定' : study.topic}
      titleLevel={3}
    >
      <Meta
        text={[`${clockOf(study.startsAt)} 开始`, study.moved, study.place].filter(Boolean).join(' · ')}
      />
      <Button label={words === undefined ? '下次请假' : '查看请假'} kind="quiet" onPress={onAskLeave} />
    </Card>
  )
}

export function useNextStudy(
  { replica }: SignedIn,
  branchId: BranchId,
  openLeave: (week: string) => void,
): NextStudyScreen | undefined {
  const own = memberScope(replica.personId)
  const study = nextStudy(replica, branchId, replica.now())
  const membership = replica.get(own, 'membership', branchId)
  if (study === undefined || membership === undefined || !isExpectedOn(membership, study.heldOn))
    return undefined
  const leave = replica.get(own, 'leave', lineKey(study.week, branchId))?.state
  return { study, leave, onAskLeave: () => openLeave(study.week) }
}
