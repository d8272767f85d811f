import type { ReadingItem, ReadingProgress, ReadingState } from '#domain/reading'
import { readingStateWords } from '#domain/words'
import type { ChipProps } from '#ui/Chip'

/** Nothing is said of what is unread: a list of what one has not done would be a debt. */
export const chipOf = (state: ReadingState): ChipProps | undefined =>
  state === 'unread'
    ? undefined
    : { label: readingStateWords[state], tone: state === 'reading' ? 'neutral' : 'ok' }

export const titleOf = ({ kind, title }: ReadingItem): string => (kind === 'book' ? `《${title}》` : title)

export const detailOf = ({ isRequired, source, chapters, day }: ReadingItem): string =>
  [isRequired ? '必读' : '选读', source, day ?? '', chapters > 0 ? `共 ${chapters} 章` : '']
    .filter(Boolean)
    .join(' · ')

export const placeText = ({ chapter }: ReadingProgress): string =>
  chapter === 0 ? '已经开始读' : `读到第 ${chapter} 章`
