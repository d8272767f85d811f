import { formatDate } from '#domain/day'
import type { TopicState } from '#domain/plan-progress'
import type { PlanTopic } from '#domain/study-plan'
import { topicStateWords } from '#domain/words'
import type { ChipProps } from '#ui/Chip'

export const spanText = ({ from, until }: Pick<PlanTopic, 'from' | 'until'>): string =>
  from === until ? formatDate(from) : `${formatDate(from)}–${formatDate(until)}`

const tones = { held: 'ok', planned: 'neutral', missing: 'wait', ahead: 'neutral' } as const

export const chipOf = (state: TopicState): ChipProps => ({
  label: topicStateWords[state],
  tone: tones[state],
})
