import { clockOf, dayOf, formatDate, formatDay } from '#domain/day'
import { membershipWords, roleWords } from '#domain/words'
import type { BranchPerson, Invitation, Joining } from '#protocol/people'
import type { ChipProps } from '#ui/Chip'

/** Somebody to invite, whether they belong to the branch or only keep it. */
export type Invitee = Omit<BranchPerson, 'membership'> & Partial<Pick<BranchPerson, 'membership'>>

/** How somebody stands with coming in. */
export function joiningChip(joining: Joining): ChipProps {
  switch (joining.is) {
    case 'nothing':
      return { tone: 'neutral', label: '未邀请' }
    case 'invited':
      return { tone: 'wait', label: `已发邀请（至 ${formatDate(dayOf(joining.until))}）` }
    case 'joined':
      return { tone: 'ok', label: joining.isWechatBound ? '已加入 · 微信' : '已加入' }
  }
}

/** 「编号 1024 · 正式党员 · 支部书记」 */
export const describe = ({ number, membership, role }: Invitee): string =>
  [
    number === undefined ? '' : `编号 ${number}`,
    membership === undefined ? '' : membershipWords[membership],
    role === undefined ? '' : roleWords[role],
  ]
    .filter((words) => words !== '')
    .join(' · ')

export const untilWords = (instant: number) => `${formatDay(dayOf(instant))} ${clockOf(instant)} 前有效`

/** What the secretary sends to one person: all they need, whoever they are and wherever they open it. */
export const invitationText = ({ name, code, expiresAt, link }: Invitation): string =>
  [
    `${name}同志：请登录「周汇朝学」。`,
    `邀请码 ${code}`,
    link === undefined
      ? '打开「周汇朝学」，点「登录」，填写邀请码。'
      : `打开「周汇朝学」，点「登录」，填写邀请码；或直接打开 ${link}`,
    `${untilWords(expiresAt)}，只能使用一次，请勿转发。`,
  ].join('\n')
