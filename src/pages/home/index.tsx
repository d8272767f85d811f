import { useShareAppMessage } from '@tarojs/taro'
import { hasRole } from '#domain/authority'
import { meetingsAhead } from '#domain/calendar'
import { carePromptsOf } from '#domain/care'
import { isToAgreeAnew } from '#domain/consent'
import { dayOf, weekOf } from '#domain/day'
import { isOpenTicket } from '#domain/feedback'
import { isFor } from '#domain/gathering'
import { pastWeeks } from '#domain/history'
import type { BranchId } from '#domain/ids'
import { isToMakeUp, makeUpsWaiting, ownMissed } from '#domain/missed'
import { reviewOf } from '#domain/review'
import {
  branchScope,
  deskScope,
  leaveScope,
  memberScope,
  organizationScope,
  secretaryScope,
} from '#domain/scopes'
import { homeCard } from '#domain/share'
import { nextStudy, studyAhead } from '#domain/upcoming'
import { CheckInCard } from '#features/check-in/CheckInCard'
import { NextStudyCard, useNextStudy } from '#features/check-in/NextStudyCard'
import { useCheckIn } from '#features/check-in/useCheckIn'
import { GuestView } from '#features/home/GuestView'
import {
  ConnectionNotice,
  ConsentNotice,
  KeeperCard,
  LargeTypeCard,
  MakeUpNotice,
  MeetingsCard,
  OverviewCard,
  RecentWeeks,
  TrayNotice,
} from '#features/home/HomeView'
import { ContinueCard } from '#features/reading/ContinueCard'
import { Loading } from '#ui/Loading'
import { Slot } from '#ui/Slot'
import { type SignedIn, useSignedIn, useWorkspace, useWorkspaceState } from '#workspace'
import { pathOfItem } from '../../reading-paths'
import { FirstCopy, goTo, goToTab, Screen } from '../../screen'

export default function HomePage() {
  const workspace = useWorkspace()
  const { phase, welcome, isLargeType } = useWorkspaceState()
  const signedIn = useSignedIn()
  const branchId = signedIn?.replica.authority()?.branches[0]
  useShareAppMessage(() =>
    homeCard(signedIn && branchId && studyAhead(signedIn.replica, branchId, signedIn.replica.now())),
  )
  const note = branchId && signedIn?.replica.get(branchScope(branchId), 'branch', 'branch')?.name
  return (
    <Screen title="周汇朝学" note={note} isTab>
      {phase.is === 'starting' && <Loading />}
      {phase.is === 'guest' && (
        <GuestView
          welcome={welcome}
          onSignIn={goTo('/pages/sign-in/index')}
          onPromises={goTo('/pages/promises/index')}
          onAbout={goTo('/pages/about/index')}
        />
      )}
      {signedIn !== undefined && <Home signedIn={signedIn} branchId={branchId} />}
      <Slot>
        {!isLargeType && (phase.is === 'guest' || signedIn !== undefined) && (
          <LargeTypeCard onPress={() => void workspace.setLargeType(true)} />
        )}
      </Slot>
    </Screen>
  )
}

function Home({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId | undefined }) {
  const { replica, connection } = signedIn
  const authority = replica.authority()
  const organization =
    authority && replica.get(organizationScope(authority.organizationId), 'organization', 'organization')
  const consents = replica.list(memberScope(replica.personId), 'consent', '')
  const isToAgree = organization?.isDemo === false && isToAgreeAnew(consents)
  return (
    <>
      <Slot>
        <ConnectionNotice
          connection={connection}
          isDemo={organization?.isDemo ?? false}
          onSignIn={goTo('/pages/sign-in/index')}
        />
      </Slot>
      <Slot>{isToAgree && <ConsentNotice onOpen={goTo('/packages/member/privacy/index')} />}</Slot>
      <Slot>
        <TrayNotice
          waiting={replica.pending().length}
          refused={replica.deadLetters().length}
          onOpen={goTo('/packages/member/tray/index')}
        />
      </Slot>
      {!replica.isFilled && <FirstCopy connection={connection} />}
      {branchId !== undefined && <ThisWeek signedIn={signedIn} branchId={branchId} />}
      {replica.isFilled && <Beside signedIn={signedIn} branchId={branchId} />}
    </>
  )
}

/** Once the whole copy is there: what else there is to do, and the ways to it. */
function Beside({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId | undefined }) {
  const { replica } = signedIn
  const authority = replica.authority()
  const keeps = authority?.appointments.flatMap((each) => ('branchId' in each ? [each.branchId] : [])) ?? []
  const oversees = authority?.appointments.some((each) => 'organizationId' in each) ?? false
  const isAdmin = authority?.appointments.some(({ role }) => role === 'admin') ?? false
  const isSecretaryOf = (id: BranchId) =>
    authority !== undefined && hasRole(authority, ['secretary'], { kind: 'branch', branchId: id })
  const desk = authority && deskScope(authority.organizationId)
  const openTickets = desk === undefined ? 0 : replica.list(desk, 'ticket', '').filter(isOpenTicket).length
  const correctionsAsked = (id: BranchId) =>
    replica.list(secretaryScope(id), 'correction', '').filter(({ state }) => state === 'asked').length
  const week = weekOf(dayOf(replica.now()))
  const missed = branchId === undefined ? [] : ownMissed(replica, replica.personId, branchId, replica.now())
  // Those whose day has passed are no longer brought up here.
  const toMakeUp = missed.filter((each) => isToMakeUp(each) && replica.now() < each.endsAt).length
  const careOf = (id: BranchId) => {
    const people = carePromptsOf(replica, replica.personId, id, replica.now()).length
    return people === 0 ? undefined : { people, onOpen: goTo(`/packages/secretary/care/index?branch=${id}`) }
  }
  const leavesAhead = (id: BranchId) => {
    const next = nextStudy(replica, id, replica.now())?.week ?? week
    const asked = replica.list(leaveScope(id), 'leave', `${next}/`).filter((each) => each.state === 'asked')
    return { week: next, count: next === week ? 0 : asked.length }
  }
  return (
    <>
      <Slot>
        <MakeUpNotice count={toMakeUp} onOpen={goTo('/packages/member/make-up/index')} />
      </Slot>
      {authority !== undefined && (
        <ContinueCard
          signedIn={signedIn}
          organizationId={authority.organizationId}
          onItem={(listed) => goTo(pathOfItem(listed))()}
        />
      )}
      {branchId !== undefined && (
        <MeetingsCard
          meetings={meetingsAhead(replica, branchId, replica.now()).filter((each) =>
            isFor(each, replica.personId),
          )}
          onOpen={(id) => goTo(`/packages/meetings/meeting/index?branch=${branchId}&id=${id}`)()}
          onCalendar={goTo(calendarOf(branchId))}
        />
      )}
      {[...new Set(keeps)].map((id) => (
        <KeeperCard
          key={id}
          branchName={keeps.length > 1 ? replica.get(branchScope(id), 'branch', 'branch')?.name : undefined}
          review={reviewOf(replica, id, week)}
          leavesAhead={leavesAhead(id).count}
          correctionsAsked={correctionsAsked(id)}
          makeUpsWaiting={makeUpsWaiting(replica, id, replica.now())}
          onAhead={goTo(registerOf(id, leavesAhead(id).week))}
          onCorrections={goTo(`/packages/secretary/corrections/index?branch=${id}`)}
          onMakeUps={isSecretaryOf(id) ? goTo(`/packages/secretary/make-ups/index?branch=${id}`) : undefined}
          care={careOf(id)}
          onOpen={goTo(registerOf(id, week))}
          onWeeks={goTo(`/packages/secretary/weeks/index?branch=${id}`)}
          onSchedule={goTo(`/packages/secretary/calendar/index?branch=${id}`)}
          onCalendar={id === branchId ? undefined : goTo(calendarOf(id))}
          onPeople={isSecretaryOf(id) ? goTo(`/packages/secretary/people/index?branch=${id}`) : undefined}
        />
      ))}
      {oversees && (
        <OverviewCard
          openTickets={openTickets}
          onOpen={goTo('/packages/organization/overview/index')}
          setUp={
            isAdmin
              ? {
                  onKeepers: goTo('/packages/organization/keepers/index'),
                  onRoster: goTo('/packages/organization/roster/index'),
                }
              : undefined
          }
        />
      )}
      {branchId !== undefined && (
        <RecentWeeks
          weeks={pastWeeks(replica, replica.personId, branchId, week, 3).weeks}
          onOpen={goToTab('/pages/history/index')}
        />
      )}
    </>
  )
}

const calendarOf = (branchId: BranchId) => `/packages/meetings/calendar/index?branch=${branchId}`

const registerOf = (branchId: BranchId, week: string) =>
  `/packages/secretary/register/index?branch=${branchId}&week=${week}`

function ThisWeek({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  const openLeave = (week: string) => goTo(`/packages/member/leave/index?week=${week}`)()
  const screen = useCheckIn(signedIn, branchId, openLeave)
  const next = useNextStudy(signedIn, branchId, openLeave)
  const isOver = screen.state !== 'loading' && !(screen.state === 'held' && screen.own.canAskLeave)
  return (
    <>
      <CheckInCard screen={screen} />
      {isOver && next !== undefined && <NextStudyCard {...next} />}
    </>
  )
}
