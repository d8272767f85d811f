// 会议记录的表单：发言、列席、决议一行一条

import type { PersonId } from './ids'
import type { Minutes, Written } from './minutes'
import { dayFrom } from './typed'

/** Minutes as somebody types them: what comes several times, one a line. */
export interface MinutesForm {
  readonly content: string
  /** 「林晓：谈了体会」 */
  readonly speeches: string
  /** 「王工 市气象局」 */
  readonly guests: string
  /** 「下月到社区义诊，陈立，12月15日」, with ✓ in front once it is done. */
  readonly resolutions: string
  /** By member. */
  readonly absences: Readonly<Partial<Record<PersonId, string>>>
}

export type MinutesProblems = Readonly<Partial<Record<keyof MinutesForm, string>>>

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const withoutNothing = (parts: readonly (string | undefined)[]) => parts.filter(Boolean)

export const minutesFormFrom = (minutes: Minutes): MinutesForm => ({
  content: minutes.content,
  speeches: minutes.speeches.map(({ name, words }) => withoutNothing([name, words]).join('：')).join('\n'),
  guests: minutes.guests.map(({ name, from }) => withoutNothing([name, from]).join(' ')).join('\n'),
  resolutions: minutes.resolutions
    .map(
      ({ text, owner, due, isDone }) =>
        `${isDone ? '✓ ' : ''}${withoutNothing([text, owner && `负责人${owner}`, due]).join('，')}`,
    )
    .join('\n'),
  absences: Object.fromEntries(minutes.absences.map(({ memberId, reason }) => [memberId, reason])),
})

/** What is to be kept of these words, or what is wrong with which. A day without a year is of `year`. */
export function writtenFrom(
  form: MinutesForm,
  year: number,
): { readonly written: Written } | { readonly problems: MinutesProblems } {
  const problems: Partial<Record<keyof MinutesForm, string>> = {}
  const each = <T>(
    name: 'speeches' | 'guests' | 'resolutions',
    most: number,
    read: (line: string) => T | undefined,
    wanted: string,
  ): T[] => {
    const lines = linesOf(form[name])
    if (lines.length > most) problems[name] = `最多 ${most} 行，请合并`
    return lines.flatMap((line, index) => {
      const one = read(line)
      if (one === undefined) problems[name] ??= `第 ${index + 1} 行：${wanted}`
      return one === undefined ? [] : [one]
    })
  }
  const written: Written = {
    content: form.content.trim(),
    speeches: each('speeches', 60, speechFrom, '请写成「姓名：发言要点」，要点最多 500 个字'),
    guests: each('guests', 100, guestFrom, '请写成「姓名 单位」，姓名最多 40 个字'),
    resolutions: each(
      'resolutions',
      50,
      (line) => resolutionFrom(line, year),
      '请写成「内容，负责人，12月15日」，最多 300 个字',
    ),
    absences: Object.entries(form.absences).flatMap(
      ([memberId, reason = '']) =>
        reason.trim() === '' ? [] : [{ memberId: memberId as PersonId, reason: reason.trim() }], // a key of it
    ),
  }
  return Object.keys(problems).length > 0 ? { problems } : { written }
}

function speechFrom(line: string) {
  const [, name = '', words = ''] = /^([^:：]{1,40})[:：]?(.*)$/.exec(line) ?? []
  return name.trim() === '' || words.length > 500 ? undefined : { name: name.trim(), words: words.trim() }
}

function guestFrom(line: string) {
  const [name = '', ...rest] = line.split(/[\s,，、（(]+/)
  const from = rest.join(' ').replace(/[)）]$/, '')
  return name === '' || name.length > 40 || from.length > 60 ? undefined : { name, from }
}

/** From the end: a day, and who sees to it, whom only a day or the word itself tells from the rest. */
function resolutionFrom(line: string, year: number) {
  const isDone = /^[✓√]/.test(line)
  const parts = line
    .replace(/^[✓√]\s*/, '')
    .split(/[,，|｜]/)
    .map((part) => part.trim())
  const due = parts.length > 1 ? dayFrom(parts[parts.length - 1] ?? '', year) : undefined
  if (due !== undefined) parts.pop()
  const last = parts[parts.length - 1] ?? ''
  const [, named] = /^负责人[:：]?\s*(.+)$/.exec(last) ?? []
  const owner = parts.length < 2 ? '' : (named ?? (due !== undefined && last.length <= 8 ? last : ''))
  if (owner !== '') parts.pop()
  const text = parts.join('，')
  const isFitting = text !== '' && text.length <= 300 && owner.length <= 40
  return isFitting ? { text, owner, ...(due && { due }), isDone } : undefined
}
