// 转发：卡片上只有类别和时间，没有姓名、议题和支部
import { clockOf, formatDate } from './day'
import type { BranchId } from './ids'
import type { Meeting } from './meeting'
import { gatheringName } from './reminder'
import type { OpenStudy } from './weekly-study'

/** What a card in a chat says and opens. Whoever opens it sees what they may see and no more. */
export interface ShareCard {
  readonly title: string
  readonly path: string
  /** In the main package. Without one WeChat would show a picture of the page, with what is on it. */
  readonly imageUrl: string
}

const imageUrl = '/share-card.png'

const when = ({ heldOn, startsAt }: { heldOn: string; startsAt: number }) =>
  `${formatDate(heldOn)} ${clockOf(startsAt)}`

export const homeCard = (study: OpenStudy | undefined): ShareCard => ({
  title: study === undefined ? '周汇朝学' : `${gatheringName(study)} · ${when(study)}`,
  path: '/pages/home/index',
  imageUrl,
})

/** Without the meeting, which this phone does not have, the card leads home. */
export const meetingCard = (branchId: BranchId, meeting: Meeting | undefined): ShareCard =>
  meeting === undefined
    ? homeCard(undefined)
    : {
        title: `${gatheringName(meeting)} · ${meeting.state === 'cancelled' ? '已取消' : when(meeting)}`,
        path: `/packages/meetings/meeting/index?branch=${branchId}&id=${meeting.id}`,
        imageUrl,
      }
