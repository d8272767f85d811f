import type { OrganizationId } from '#domain/ids'
import { inTheMiddle, type ListedItem, readingLists } from '#domain/reading-shelf'

import { Card } from '#ui/Card'
import { Row } from '#ui/Row'
import type { SignedIn } from '#workspace'
import { branchesRead } from './reading-keeper'
import { placeText, titleOf } from './reading-words'

/** What one was reading last, on whichever device; nothing when there is nothing. */
export function ContinueCard({
  signedIn: { replica },
  organizationId,
  onItem,
}: {
  signedIn: SignedIn
  organizationId: OrganizationId
  onItem: (listed: ListedItem) => void
}) {
  const lists = readingLists(replica, organizationId, branchesRead(replica.authority()))
  const [last] = inTheMiddle(replica, replica.personId, lists)
  if (last === undefined) return null
  return (
    <Card eyebrow="接着读">
      <Row title={titleOf(last.item)} detail={placeText(last.progress)} onPress={() => onItem(last)} />
    </Card>
  )
}
