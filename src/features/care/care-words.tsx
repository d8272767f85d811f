import type { CarePrompt, CareSuggestion } from '#domain/care'
import { formatDate } from '#domain/day'
import type { HeldStudy } from '#domain/weekly-study'

/** As a person says them: 两次. No more than twelve are looked at. */
const numerals = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二']

/** 「11月2日、11月9日 两次没有来，也没有请假」: what happened, and nothing about the person. */
export const factWords = ({ missed, declined }: Pick<CarePrompt, 'missed' | 'declined'>): string => {
  const times = numerals[missed.length] ?? missed.length
  const leave = declined.length === 0 ? '也没有请假' : `其中${daysOf(declined)}请过假，没有准假`
  return `${daysOf(missed)} ${times}次没有来，${leave}`
}

const daysOf = (studies: readonly HeldStudy[]) => studies.map(({ heldOn }) => formatDate(heldOn)).join('、')

/** What might help; it is for the secretary to say. */
export const suggestionWords: Record<CareSuggestion, string> = {
  call: '打个电话，问问近况',
  talk: '约个时间谈心谈话，听听有什么难处',
  visit: '登门走访看望；需要帮助的，向上级党组织说明需要什么帮助',
}
