import { useState } from 'react'
import { hasRole } from '#domain/authority'
import { calendarOf } from '#domain/calendar'
import { dayOf, formatDay } from '#domain/day'
import { meetingsOf } from '#domain/gathering-key'
import type { BranchId, OrganizationId } from '#domain/ids'
import { isStudy, type JointMeeting, type MeetingKind, meetingKinds } from '#domain/meeting'
import { type LedgerPeriod, neighbourOf, periodOf, spanOf } from '#domain/period'
import { quotaCells } from '#domain/quota'
import { quotaBasisOf } from '#domain/quota-basis'
import { branchScope, organizationScope } from '#domain/scopes'
import { meetingKindWords } from '#domain/words'
import { type SignedIn, useSubmit } from '#workspace'
import type { CalendarScreen } from './CalendarView'
import { stageHere } from './useMeeting'

export function useCalendar(
  { replica }: SignedIn,
  branchId: BranchId,
  go: { openMeeting: (id: string) => void; openRegister: (key: string) => void; openPlan: () => void },
): CalendarScreen {
  const now = replica.now()
  const [period, setPeriod] = useState<LedgerPeriod>(() => periodOf('month', dayOf(now)))
  const [opened, setOpened] = useState<MeetingKind>()
  const { problem, submit } = useSubmit()

  const authority = replica.authority()
  const isKeeper =
    authority !== undefined &&
    hasRole(authority, ['secretary', 'committee-member'], { kind: 'branch', branchId })
  const isYear = spanOf(period) === 'year'
  const basis = isKeeper && isYear ? quotaBasisOf(replica, branchId, period, now) : undefined

  const join = (organizationId: OrganizationId, { id, kind, heldOn, starts, ends }: JointMeeting) => {
    const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
    // 1 学时 for each hour it is planned for, to the half.
    const hours = Math.round((minutes(ends) - minutes(starts)) / 30) / 2
    void submit(
      replica.submit('join-meeting', branchScope(branchId), {
        organizationId,
        jointId: id,
        heldOn,
        studyHours: isStudy(kind) ? hours : 0,
      }),
    )
  }
  return {
    state: isYear ? 'year' : 'month',
    period,
    entries: isYear
      ? []
      : calendarOf(replica, branchId, period).map((gathering) => ({
          gathering,
          stage: 'week' in gathering ? undefined : stageHere(replica, branchId, gathering),
          onOpen: opening(gathering),
        })),
    quotas:
      basis === undefined
        ? []
        : meetingKinds.map((kind) => ({ kind, cells: quotaCells(basis, kind, period) })),
    opened,
    joint: isKeeper && authority !== undefined ? jointAsked() : [],
    problem,
    onSpan: isKeeper ? (span) => setPeriod(periodOf(span, dayOf(now))) : undefined,
    onEarlier: () => setPeriod(neighbourOf(period, -1)),
    onLater: () => setPeriod(neighbourOf(period, 1)),
    onKind: (kind) => setOpened(kind === opened ? undefined : kind),
    onMeeting: go.openMeeting,
    onPlan: isKeeper ? go.openPlan : undefined,
  }

  function opening(gathering: ReturnType<typeof calendarOf>[number]) {
    if (!('week' in gathering)) return () => go.openMeeting(gathering.id)
    return isKeeper && gathering.startsAt <= now ? () => go.openRegister(gathering.week) : undefined
  }

  function jointAsked() {
    if (authority === undefined) return []
    const years = [dayOf(now), dayOf(now + 60 * 86_400_000)].map((day) => Number(day.slice(0, 4)))
    return [...new Set(years)]
      .flatMap((year) =>
        replica.list(organizationScope(authority.organizationId), 'joint-meeting', meetingsOf(year)),
      )
      .filter(
        (joint) =>
          !joint.isCancelled &&
          joint.heldOn >= dayOf(now) &&
          joint.branches.some(({ id }) => id === branchId) &&
          replica.get(branchScope(branchId), 'meeting', joint.id) === undefined,
      )
      .map((joint) => ({
        id: joint.id,
        words: `${formatDay(joint.heldOn)} ${joint.starts} 联合${meetingKindWords[joint.kind]}：${joint.topic}`,
        onJoin: () => join(authority.organizationId, joint),
      }))
  }
}
