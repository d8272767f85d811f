import type { BranchPerson } from '#protocol/people'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Loading } from '#ui/Loading'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'
import { Slot } from '#ui/Slot'
import { describe, type Invitee, joiningChip } from './joining-words'
import { PersonSheet, type PersonSheetScreen } from './PersonSheet'

export type PeopleScreen =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string; readonly onRetry: () => void }
  | {
      readonly state: 'ready'
      readonly people: readonly BranchPerson[]
      readonly onOpen: (person: Invitee) => void
      readonly onRoster: () => void
    }

/** 成员与邀请: the branch's people by name, and each one's way in. Nobody is counted by it. The sheet
 *  stays whatever becomes of the list: a code in it is told only once. */
export function PeopleView({
  screen,
  sheet,
}: {
  screen: PeopleScreen
  sheet: PersonSheetScreen | undefined
}) {
  return (
    <>
      <People screen={screen} />
      <Slot>{sheet !== undefined && <PersonSheet sheet={sheet} />}</Slot>
    </>
  )
}

function People({ screen }: { screen: PeopleScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取支部成员…" />
    case 'failed':
      return <Empty title={screen.message} action={{ label: '重试', onPress: screen.onRetry }} />
    case 'ready':
      return (
        <>
          {screen.people.length === 0 ? (
            <Empty title="支部里还没有成员" detail="从花名册导入后会出现在这里" />
          ) : (
            <Card eyebrow="点一位同志发邀请">
              <LongList
                name="成员"
                items={screen.people}
                portion={50}
                each={(person) => <PersonRow key={person.personId} person={person} onOpen={screen.onOpen} />}
              />
            </Card>
          )}
          <Meta text="登录与否由本人自愿。没有登录的同志，由支部登记。" />
          <Button label="从花名册导入" onPress={screen.onRoster} />
        </>
      )
  }
}

function PersonRow({ person, onOpen }: { person: BranchPerson; onOpen: (person: Invitee) => void }) {
  const { joining } = person
  const isClaimedAgain = joining.is === 'joined' && joining.claimedAgainAt !== undefined
  return (
    <Row
      title={person.name}
      detail={isClaimedAgain ? `${describe(person)} · 邀请码需要核实` : describe(person)}
      chip={joiningChip(joining)}
      onPress={() => onOpen(person)}
    />
  )
}
