// 接龙的一项：名单里的人、不在名单里的人，还是标题和聊天
import type { PersonId } from '../ids'
import { forAnother, speaksForAnother } from './agents'
import type { ChainEntry, ChainMatch, IgnoredBecause } from './chain'
import type { Item } from './items'
import {
  isPlain,
  type Mention,
  type Mentions,
  mentionsOf,
  speaksOfStatus,
  withoutNicknames,
} from './mentions'
import { isNameLike, type RosterNames } from './names'
import { isStatus, type Note, noteOf, saysAny, unknownLength } from './notes'
import { isEmpty, isLabelLine, isMark, type Label, labelOf, type Segment, segmentsOf } from './segments'
import { type Token, tokensOf } from './words'

export interface Line {
  readonly number: number
  /** As it was pasted, without the spaces around it. */
  readonly text: string
  readonly plain: string
  readonly folded: string
}

/** What the lines before make of this one. */
export interface Surroundings {
  /** 「请假人员：」 stands above. */
  readonly label: Label | undefined
  /** Whether what is said above still holds is not plain: a blank line or an own label ends it. */
  readonly isLabelDoubtful: boolean
  /** Somebody wrote it in a chat, not into a list. */
  readonly isMessage: boolean
}

export type ItemReading =
  | {
      readonly is: 'matches'
      readonly matches: readonly ChainMatch[]
      /** Of 「请假：王芳」 true: a name in the next line may belong to it. Without a label undefined. */
      readonly isOfAbsence: boolean | undefined
    }
  | Ignored
  /** For the lines below. */
  | { readonly is: 'label'; readonly label: Label }
  /** Who wrote what is below: the head of a message in a chat. */
  | { readonly is: 'sender' }

interface Ignored {
  readonly is: 'ignored'
  readonly because: IgnoredBecause
}

/** What a part of an item says. */
type SegmentReading = { readonly is: 'matches'; readonly matches: readonly ChainMatch[] } | Ignored

const ignored = (because: IgnoredBecause): Ignored => ({ is: 'ignored', because })

export function readItem(line: Line, item: Item, around: Surroundings, names: RosterNames): ItemReading {
  const tokens = tokensOf(line.folded, item.from, item.to, names)
  if (isEmpty(tokens)) return ignored('blank')
  if (!item.isNumbered) {
    if (isSender(tokens)) return { is: 'sender' }
    if (tokens.some((token) => isMark(token, '@'))) return ignored('talk')
    if (isLabelLine(tokens)) return { is: 'label', label: labelOf(tokens) }
  }
  const segments = segmentsOf(tokens)
  const last = segments[segments.length - 1]
  if (segments.length === 1 && last?.label !== undefined && isEmpty(last.tokens))
    return { is: 'label', label: last.label }
  // 「无」 below 「请假：」
  if (tokens.every((token) => token.is !== 'name' && (isEmpty([token]) || saysAny([token], 'none'))))
    return { is: 'label', label: { is: 'plain', tokens: [] } }

  const reader = new ItemReader(line, item.isNumbered, around, names)
  const readings = segments.map((segment) => reader.read(segment))
  const matches: ChainMatch[] = []
  for (const reading of readings) if (reading.is === 'matches') matches.push(...reading.matches)
  const isOfAbsence = last?.label && last.label.is === 'status' && last.label.tokens.some(isStatus)
  if (matches.length > 0) return { is: 'matches', matches, isOfAbsence }
  return readings.find((reading): reading is Ignored => reading.is === 'ignored') ?? ignored('blank')
}

/** 「张伟 2026/11/23 08:21」, 「张伟：」 */
function isSender(tokens: readonly Token[]): boolean {
  const isDated = tokens.some(
    ({ is, text }) => is === 'date' || text === '昨天' || text === '上午' || text === '下午',
  )
  const words = tokens.filter(({ is }) => is !== 'gap')
  if (words.length === 2 && words[0]?.is === 'name' && isMark(words[1], ':')) return true
  return (
    isDated &&
    tokens.some(({ is }) => is === 'clock') &&
    !tokens.some(isStatus) &&
    !tokens.some((token) => isMark(token, ':,、'))
  )
}

/** A nickname is no longer; what is longer is a sentence. */
const MAX_NICKNAME = 8
const MAX_LATIN_NICKNAME = 20
/** A message of this length may still be a note somebody left. */
const MAX_SHORT_MESSAGE = 24
const MAX_SHORT_REMARK = 8

class ItemReader {
  private isSure = false

  constructor(
    private readonly line: Line,
    private readonly isNumbered: boolean,
    private readonly around: Surroundings,
    private readonly names: RosterNames,
  ) {}

  read(segment: Segment): SegmentReading {
    const label = segment.label ?? this.around.label
    this.isSure = this.isTrusted(segment, label)
    const isNobody = saysAny(segment.tokens, 'none') && !segment.tokens.some(({ is }) => is === 'name')
    if (isEmpty(segment.tokens) || isNobody) {
      return ignored(segment.label === undefined && isEmpty(segment.tokens) ? 'blank' : 'heading')
    }
    if (label?.is === 'talk') return ignored('talk')
    const isHeading = label?.is === 'matter' || label?.is === 'field'
    if (isHeading && !this.isNumbered) return ignored('heading')
    if (speaksForAnother(segment.tokens)) return this.forAnother(segment.tokens, label)

    const isListed = this.isNumbered || label !== undefined || this.isStrangerAlone(segment.tokens)
    const mentions = mentionsOf(segment.tokens, isListed)
    if (mentions.each.length === 0) return this.nobody(segment.tokens, label)
    return this.listed(segment.tokens, mentions, label)
  }

  private listed(tokens: readonly Token[], mentions: Mentions, label: Label | undefined): SegmentReading {
    const isClear = mentions.each.map((mention) => isPlain(mention, mentions.shared, this.isNumbered))
    if (isClear.includes(false) && this.isTalk(tokens, mentions)) return ignored('talk')
    // Of 「张伟 王芳辛苦了」 nothing is a list.
    const isMessage =
      !this.isNumbered &&
      label === undefined &&
      mentions.each.some(
        ({ name, isPooled }, index) => name.is === 'name' && isClear[index] === false && !isPooled,
      )
    // 「迟到 刘洋 陈静」 needs no label.
    const isToldHere = mentions.shared.length > 0 && label === undefined && !this.around.isMessage
    const matches = mentions.each.map((mention, index) => {
      const words = [...(label?.tokens ?? []), ...mentions.shared, ...withoutNicknames(mention.tail)]
      return this.match(mention.name, words, {
        note: this.noteText(label, mentions, mention),
        text: this.textOf(mention, mentions),
        longer: mention.longer,
        isClear: isClear[index] === true && !isMessage && (this.isSure || isToldHere),
      })
    })
    return { is: 'matches', matches }
  }

  private forAnother(tokens: readonly Token[], label: Label | undefined): SegmentReading {
    const found = forAnother(tokens, this.isNumbered)
    const words = tokens.filter(({ is }) => is === 'name')
    const isTold = found !== undefined && noteOf(found.others).isClear && this.isPlainBeside(found.others)
    if (!isTold) {
      const isTalk = words.length === 0 || saysAny(tokens, 'talk', 'question')
      if (isTalk || (!this.isNumbered && unknownLength(tokens) > 2)) return ignored('talk')
      const people = new Set<PersonId>()
      for (const token of words) if (token.is === 'name') for (const id of token.people) people.add(id)
      const note = noteOf(tokens)
      const entry = this.entry(words[0], this.slice(tokens), this.slice(tokens))
      return { is: 'matches', matches: [unsettled(entry, 'unclear', note, [...people])] }
    }
    const { person, agent, others } = found
    const all = [...(label?.tokens ?? []), ...others]
    const match = this.match(person, all, {
      note: this.slice(others.filter((token) => token.is === 'word')),
      text: this.slice(tokens),
      longer: undefined,
      isClear: this.isSure,
      agent: agent && this.nameOf(agent),
    })
    return { is: 'matches', matches: [match] }
  }

  /** What stands beside two names may be their units and offices, and nothing that is not known. */
  private isPlainBeside(others: readonly Token[]): boolean {
    return (
      !saysAny(others, 'listed', 'field', 'other', 'family') &&
      (this.isNumbered || !saysAny(others, 'acknowledged')) &&
      !others.some((token) => isMark(token, '@') || (isMark(token, ':') && !this.isNumbered))
    )
  }

  /** Nobody of the roster, and nobody who looks like a person in a list. */
  private nobody(tokens: readonly Token[], label: Label | undefined): SegmentReading {
    if (label?.is === 'field' || label?.is === 'matter') return ignored('heading')
    const unknown = tokens.filter(({ is }) => is === 'unknown')
    const isTalk =
      saysAny(tokens, 'talk', 'question', 'field', 'matter', 'other') ||
      tokens.some((token) => isMark(token, '@'))
    const called = this.calledByOffice(tokens, unknown)
    if (called !== undefined) return called
    if (!this.isNumbered || isTalk || tokens.some(({ is }) => is === 'clock')) return ignored('talk')

    const first = unknown[0]
    const name = unknown.map(({ text }) => text).join('')
    const isLatinOnly = /^[a-z]+$/.test(name)
    if (first === undefined && !tokens.some((token) => token.is === 'word' && token.word.says !== 'title'))
      return ignored('talk')
    if (name.length > (isLatinOnly ? MAX_LATIN_NICKNAME : MAX_NICKNAME)) return ignored('talk')
    const words = tokens.filter(({ is }) => is !== 'unknown')
    const noteTokens = [...(label?.tokens ?? []), ...words]
    const written = unknown.map((token) => this.nameOf(token)).join('')
    const entry = this.entry(
      undefined,
      this.line.text,
      this.slice(words.filter((token) => token.is === 'word')),
      written,
    )
    const alike = new Set(this.names.alike(name))
    for (const { text } of unknown) for (const id of this.names.alike(text)) alike.add(id)
    return {
      is: 'matches',
      matches: [unsettled(entry, 'unknown-name', noteOf(noteTokens), [...alike])],
    }
  }

  /** 李老师 is whoever has the name, but a surname settles nothing. */
  private calledByOffice(tokens: readonly Token[], unknown: readonly Token[]): SegmentReading | undefined {
    const [surname] = unknown
    if (surname === undefined || unknown.length > 1 || !saysAny(tokens, 'title')) return undefined
    const title = tokens[tokens.indexOf(surname) + 1]
    if (title === undefined || !saysAny([title], 'title') || saysAny(tokens, 'talk', 'question'))
      return undefined
    if (!this.isNumbered && tokens.some((token) => isMark(token, ':'))) return undefined
    const candidates = this.names.withSurname(surname.text)
    if (candidates.length === 0) return undefined
    const name = this.nameOf(surname) + this.nameOf(title)
    const rest = tokens.filter((token) => token !== surname && token !== title)
    const entry = this.entry(
      undefined,
      this.slice(tokens),
      this.slice(rest.filter((token) => token.is === 'word')),
      name,
    )
    return { is: 'matches', matches: [unsettled(entry, 'unclear', noteOf(rest), candidates)] }
  }

  /** A line without a number is somebody who is not on the roster only if nothing else stands in it. */
  private isStrangerAlone(tokens: readonly Token[]): boolean {
    const unknown = tokens.filter(({ is }) => is === 'unknown')
    const isOrdinary = (token: Token) =>
      token.is !== 'clock' && token.is !== 'number' && !isMark(token, ':?@') && token.is !== 'date'
    return (
      unknown.length > 0 &&
      unknown.every(({ text }) => isNameLike(text)) &&
      tokens.every(isOrdinary) &&
      !saysAny(
        tokens,
        'talk',
        'question',
        'field',
        'other',
        'doubt',
        'acknowledged',
        'family',
        'reason',
        'listed',
      )
    )
  }

  /** A message that only mentions somebody, and no note they left. */
  private isTalk(tokens: readonly Token[], { each }: Mentions): boolean {
    const first = each[0]
    const isNameFirst =
      first !== undefined &&
      isEmpty(first.head) &&
      first.tail[0]?.is !== 'unknown' &&
      !saysAny(first.tail.slice(0, 1), 'talk')
    if (this.isNumbered) return saysAny(tokens, 'talk') && !isNameFirst
    if (saysAny(tokens, 'question', 'field', 'matter') || isAnswer(tokens)) return true
    if (saysAny(tokens, 'talk') && !(isNameFirst && tokens.some(isStatus))) return true
    const length = tokens.reduce((sum, { text }) => sum + text.length, 0)
    if (each.every(({ longer, isPooled }) => longer !== undefined || isPooled)) return false
    if (speaksOfStatus(tokens)) return length > MAX_SHORT_MESSAGE
    const unknown = unknownLength(tokens)
    if (unknown === 0) return false
    return !isNameFirst || unknown > MAX_SHORT_REMARK
  }

  /** Whether a name that stands here plainly is one of the list. */
  private isTrusted(segment: Segment, label: Label | undefined): boolean {
    if (this.around.isMessage || (segment.label === undefined && this.around.isLabelDoubtful)) return false
    return label === undefined || label.is === 'status' || label.is === 'plain'
  }

  private match(
    name: Token,
    words: readonly Token[],
    { note: noteText, text, longer, isClear, agent }: Told,
  ): ChainMatch {
    const note = noteOf(words)
    const entry = this.entry(name, text, noteText, longer && this.longerName(name, longer), agent)
    if (name.is !== 'name') return unsettled(entry, 'unknown-name', note, this.names.alike(name.text))
    if (longer !== undefined) return unsettled(entry, 'unknown-name', note, name.people)
    if (!isClear || !note.isClear) return unsettled(entry, 'unclear', note, name.people)
    const [memberId] = name.people
    if (memberId === undefined || name.people.length > 1 || name.isWithoutLabel)
      return unsettled(entry, 'ambiguous', note, name.people)
    return { entry, ...saidBy(note), candidates: [memberId], memberId }
  }

  private entry(
    name: Token | undefined,
    text: string,
    note: string,
    written?: string,
    agent?: string,
  ): ChainEntry {
    return {
      line: this.line.number,
      text,
      name: written ?? (name === undefined ? '' : this.nameOf(name)),
      note,
      ...(agent === undefined ? {} : { agent }),
    }
  }

  private nameOf({ from, to }: Token): string {
    return tightened(this.line.plain.slice(from, to))
  }

  private longerName(name: Token, longer: string): string {
    const isBefore = !longer.startsWith(name.text)
    const from = isBefore ? name.from - 1 : name.from
    return this.line.plain.slice(from, isBefore ? name.to : name.to + 1).replace(/ /g, '')
  }

  private textOf({ name, head, tail }: Mention, { each }: Mentions): string {
    return this.slice([...(each.length === 1 ? head : []), name, ...tail])
  }

  /** From the first to the last of these, as it stands in the line. */
  private slice(tokens: readonly Token[]): string {
    let from = Number.POSITIVE_INFINITY
    let to = 0
    for (const token of tokens) {
      if (token.is === 'gap') continue
      from = Math.min(from, token.from)
      to = Math.max(to, token.to)
    }
    return to === 0 ? '' : trimmed(this.line.plain.slice(from, to))
  }

  private noteText(label: Label | undefined, { shared }: Mentions, { tail, longer }: Mention): string {
    if (longer !== undefined) return ''
    // The label of a line above is no part of this line.
    const above = label === this.around.label ? [] : (label?.tokens ?? [])
    return [above, shared, tail]
      .map((tokens) => this.slice(tokens))
      .filter((text) => text !== '')
      .join(' ')
  }
}

/** 「张伟：收到」 */
const isAnswer = (tokens: readonly Token[]): boolean =>
  tokens.some((token) => isMark(token, ':')) &&
  saysAny(tokens, 'acknowledged') &&
  !saysAny(tokens, 'present') &&
  !speaksOfStatus(tokens)

interface Told {
  readonly note: string
  readonly text: string
  readonly longer: string | undefined
  readonly isClear: boolean
  readonly agent?: string | undefined
}

const saidBy = ({ standing, leaveKind }: Note) => ({
  standing,
  ...(leaveKind === undefined ? {} : { leaveKind }),
})

const unsettled = (
  entry: ChainEntry,
  problem: 'unknown-name' | 'ambiguous' | 'unclear',
  note: Note,
  candidates: readonly PersonId[],
): ChainMatch => ({ entry, ...saidBy(note), candidates: candidates.slice(0, MAX_CANDIDATES), problem })

/** As many as help to choose. */
const MAX_CANDIDATES = 8

/** Without the punctuation around, and without a bracket that has lost its other half. */
function trimmed(text: string): string {
  let from = 0
  let to = text.length
  const isOpen = text.includes('(')
  const isClosed = text.includes(')')
  while (from < to && (edges + (isClosed ? ')' : ')(')).includes(text.charAt(from))) from += 1
  while (to > from && (edges + (isOpen ? '(' : '()')).includes(text.charAt(to - 1))) to -= 1
  const core = text.slice(from, to)
  return /^\([^()]*\)$/.test(core) ? core.slice(1, -1) : core
}
const edges = ' ,、.:;。!|/_-·'

/** Names of two characters are padded; between letters a space is a part of the name. */
const tightened = (name: string): string => (/[A-Za-z]/.test(name) ? name.trim() : name.replace(/ /g, ''))
