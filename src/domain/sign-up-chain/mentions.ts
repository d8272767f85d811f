// 一段接龙里提到了谁，各自旁边写着什么
import { isNameLike } from './names'
import { isStatus, noteOf, saysAny } from './notes'
import { isEmpty, isMark } from './segments'
import { isHan } from './text'
import type { Token } from './words'

/** Somebody named in a list, with what stands around the name. */
export interface Mention {
  readonly name: Token
  readonly head: readonly Token[]
  readonly tail: readonly Token[]
  /** The name could be the beginning or the end of a longer one: 张伟明 for 张伟. */
  readonly longer: string | undefined
  /** Which of several the words are about is not plain. */
  readonly isPooled: boolean
}

export interface Mentions {
  readonly each: readonly Mention[]
  /** What stands before the first name, where it says how all of them stand: 「请假 张伟 王芳」. */
  readonly shared: readonly Token[]
}

/** What stands before a name is short; a story would be read again for each name behind it. */
const MAX_SHARED = 40

interface Draft {
  readonly name: Token
  readonly head: Token[]
  readonly tail: Token[]
  /** A comma or the end comes after what is said of this one, not only a space. */
  isClosed: boolean
  isPooled: boolean
}

/** The people of a segment. Names are parted by 、, commas or spaces. */
export function mentionsOf(tokens: readonly Token[], isListed: boolean): Mentions {
  const drafts: Draft[] = []
  const before: Token[] = []
  const hasNames = tokens.some(({ is }) => is === 'name')
  for (const element of elementsOf(tokens)) {
    const last = drafts[drafts.length - 1]
    const stranger = strangerIn(element, isListed || hasNames)
    if (element.some(({ is }) => is === 'name')) drafts.push(...draftsOf(element))
    else if (stranger !== undefined) drafts.push(stranger)
    else if (last === undefined) before.push(...element)
    else last.tail.push(...element)
    if (last !== undefined) last.isClosed = true
  }
  const first = drafts[0]
  const head = [...before, ...(first?.head ?? [])]
  const isTooLong = head.length > MAX_SHARED
  const shared = drafts.length > 0 && head.some(isStatus) && !isTooLong ? head : []
  markPooled(drafts, shared.length > 0)
  const each = drafts.map(({ name, head: own, tail, isPooled }, index) => ({
    name,
    head: index === 0 ? head : own,
    tail,
    longer: longerName(own, name, tail),
    isPooled: isPooled || isTooLong || (index > 0 && own.some(isStatus)),
  }))
  return { each, shared }
}

function elementsOf(tokens: readonly Token[]): Token[][] {
  const elements: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.is === 'open') depth += 1
    if (token.is === 'close') depth = Math.max(0, depth - 1)
    if (depth === 0 && isMark(token, '、,.')) elements.push([])
    else elements[elements.length - 1]?.push(token)
  }
  return elements.filter((element) => !isEmpty(element))
}

/** Somebody who is not on the roster stands in a list as the others do. */
function strangerIn(element: readonly Token[], isListed: boolean): Draft | undefined {
  const unknown = element.filter(({ is }) => is === 'unknown')
  const [name] = unknown
  if (name === undefined || unknown.length > 1 || !isListed || !isNameLike(name.text)) return undefined
  if (element.some((token) => token.is === 'number' || isMark(token, ':@'))) return undefined
  const at = element.indexOf(name)
  return {
    name,
    head: element.slice(0, at),
    tail: element.slice(at + 1),
    isClosed: false,
    isPooled: false,
  }
}

function draftsOf(element: readonly Token[]): Draft[] {
  const drafts: Draft[] = []
  const head: Token[] = []
  element.forEach((token, index) => {
    const last = drafts[drafts.length - 1]
    if (token.is === 'name') {
      const isPooled = last !== undefined && !isParted(last.tail)
      if (last !== undefined && isPooled) last.isPooled = true
      drafts.push({ name: token, head: last ? [] : head, tail: [], isClosed: false, isPooled })
    } else if (isConjunction(token, element[index - 1], element[index + 1])) {
      last?.tail.push({ ...token, is: 'gap' })
    } else {
      ;(last?.tail ?? head).push(token)
    }
  })
  return drafts
}

/** 「张伟王芳」, 「张伟/王芳」 and 「张伟（王芳）」 may be two people, or one of them. */
function isParted(between: readonly Token[]): boolean {
  const last = between.filter(({ is }) => is !== 'gap').pop()
  return between.length > 0 && last?.is !== 'mark' && !isInBrackets(between)
}

/** 张伟和王芳 */
const isConjunction = (token: Token, before: Token | undefined, after: Token | undefined): boolean =>
  (/^[和与跟同及]$/.test(token.text) || token.text === '以及' || isMark(token, '&')) &&
  (before?.is === 'name' || before?.is === 'gap') &&
  (after?.is === 'name' || after?.is === 'gap')

/** 「张伟、王芳请假」 may be about both; 「张伟 请假 王芳 李娜」 may be about those before or behind. Where
 *  each has words of their own, they are their own. */
function markPooled(drafts: readonly Draft[], isShared: boolean): void {
  if (drafts.length < 2 || isShared) return
  const isTold = (draft: Draft | undefined) => draft?.tail.some((token) => token.is === 'word') === true
  if (drafts.every(isTold)) return
  drafts.forEach((draft, index) => {
    if (!withoutBrackets(draft.tail).some(isStatus)) return
    for (let before = index - 1; before >= 0 && !isTold(drafts[before]); before -= 1) {
      const one = drafts[before]
      if (one === undefined || one.isPooled) break
      one.isPooled = true
    }
    if (draft.isClosed || index === drafts.length - 1) return
    draft.isPooled = true
    for (let after = index + 1; after < drafts.length; after += 1) {
      const one = drafts[after]
      if (one === undefined || one.isPooled) break
      one.isPooled = true
      if (one.isClosed) break
    }
  })
}

function withoutBrackets(tokens: readonly Token[]): Token[] {
  let depth = 0
  return tokens.filter(({ is }) => {
    if (is === 'open') depth += 1
    const isOutside = depth === 0
    if (is === 'close') depth = Math.max(0, depth - 1)
    return isOutside
  })
}

/** Glued to a name, these go on with a sentence; any other single character may go on with the name. */
const endings = '到了的啦呀啊哦嗯'

function longerName(head: readonly Token[], name: Token, tail: readonly Token[]): string | undefined {
  const before = head[head.length - 1]
  const after = tail[0]
  const isPart = (token: Token | undefined) =>
    token !== undefined &&
    (token.is === 'unknown' || (token.is === 'word' && !saysAny([token], 'talk', 'question', 'for', 'by'))) &&
    isHan(token.text) &&
    Array.from(token.text).length === 1
  if (name.is !== 'name' || !isHan(name.text)) return undefined
  if (after !== undefined && isPart(after) && !endings.includes(after.text)) {
    const longer = name.text + after.text
    return isNameLike(longer) || name.text.includes('·') ? longer : undefined
  }
  if (before !== undefined && isPart(before) && before.to === name.from) {
    const longer = before.text + name.text
    return isNameLike(longer) ? longer : undefined
  }
  return undefined
}

/** Nothing around the name tells of anything but a list: their unit, office, telephone, nickname, or a
 *  note that is clear. */
export function isPlain(mention: Mention, shared: readonly Token[], isNumbered: boolean): boolean {
  const { name, head, tail } = mention
  const words = [...shared, ...tail]
  return (
    mention.longer === undefined &&
    !mention.isPooled &&
    isPlainHead(head, name, isNumbered) &&
    isPlainTail(head, tail, isNumbered) &&
    noteOf(withoutNicknames(words)).isClear
  )
}

const introductions = new Set(['姓名', '名字', '党员', '党员同志', '同志', '本人', '我是', '我'])
const companions = new Set(['同志', '党员', '党员同志', '本人', '单位', '部门'])

function isPlainHead(head: readonly Token[], name: Token, isNumbered: boolean): boolean {
  const last = head[head.length - 1]
  // One character glued to the name may be a part of it.
  if (
    last?.to === name.from &&
    last.is === 'word' &&
    last.text.length === 1 &&
    isHan(last.text) &&
    last.text !== '到'
  )
    return false
  const hasStatus = head.some(isStatus)
  return head.every((token, index) => {
    if (token.is === 'word') return isPlainBefore(token, hasStatus, isNumbered)
    if (token.is === 'unknown') return isNicknameBefore(head, index, name, isNumbered)
    if (token.is === 'mark') return !isMark(token, '@')
    return token.is !== 'clock' && token.is !== 'number' && token.is !== 'name'
  })
}

function isPlainBefore(token: Token & { is: 'word' }, hasStatus: boolean, isNumbered: boolean): boolean {
  const { says } = token.word
  if (says === 'listed') return introductions.has(token.text) || hasStatus
  if (says === 'acknowledged') return isNumbered
  return ['present', 'late', 'excused', 'absent', 'neutral', 'title'].includes(says)
}

/** 「科普小张-张伟」, and in a numbered line 「春暖花开（张伟）」: what stands there is no other person. */
function isNicknameBefore(head: readonly Token[], index: number, name: Token, isNumbered: boolean): boolean {
  const token = head[index]
  const behind = head.slice(index + 1).filter(({ is }) => is !== 'gap')
  if (token === undefined || behind.length !== 1 || isNameLike(token.text) || token.text.length > 12)
    return false
  if (behind[0]?.is === 'open') return isNumbered
  if (!isMark(behind[0], '-_/|')) return false
  const surname = name.text.charAt(0)
  return (
    isNumbered ||
    [`小${surname}`, `老${surname}`, `${surname}哥`, `${surname}姐`].some((nickname) =>
      token.text.includes(nickname),
    )
  )
}

function isPlainTail(head: readonly Token[], tail: readonly Token[], isNumbered: boolean): boolean {
  const [first] = tail
  if (first?.is === 'unknown' || first?.is === 'unit' || first?.is === 'number') return false
  if (first?.is === 'word' && isHan(first.text) && first.text.length === 1 && !endings.includes(first.text))
    return false
  if (isInBrackets(head) && !closesFirst(tail)) return false
  return tail.every((token) => isPlainBehind(token, tail, isNumbered))
}

function isPlainBehind(token: Token, tail: readonly Token[], isNumbered: boolean): boolean {
  if (token.is === 'count') return /^1 ?[人名位]$/.test(token.text)
  if (token.is === 'mark') return !isMark(token, '@') && (isNumbered || !isMark(token, ':'))
  if (token.is !== 'word') return true
  const { says } = token.word
  if (says === 'listed') return companions.has(token.text)
  if (says === 'field') return isNumbered && token.text.endsWith('人') && tail[0] !== token
  return isNumbered || says !== 'acknowledged'
}

/** 「张伟-David」, 「张伟（David）」: letters set apart are a nickname; behind a space they might say anything. */
export const withoutNicknames = (tokens: readonly Token[]): Token[] =>
  tokens.filter((token, index) => {
    const before = tokens[index - 1]
    const isSetApart = before?.is === 'open' || isMark(before, '-_/|')
    return !(token.is === 'unknown' && isSetApart && isNickname(token.text))
  })

const isNickname = (text: string): boolean =>
  /^[a-z]{2,20}$/.test(text) && !/^(no|not|off|sick|leave|busy|late|absent|cancel|out)$/.test(text)

const isInBrackets = (head: readonly Token[]): boolean =>
  head.reduce((depth, { is }) => depth + (is === 'open' ? 1 : 0) - (is === 'close' ? 1 : 0), 0) > 0

/** 「[张伟]」, 「（张伟同志）请假」 */
function closesFirst(tail: readonly Token[]): boolean {
  const close = tail.findIndex(({ is }) => is === 'close')
  return tail.slice(0, close < 0 ? tail.length : close).every((token) => token.is !== 'unknown' || close < 0)
}

/** What a message about somebody says of it: nothing, unless it speaks of staying away. */
export const speaksOfStatus = (tokens: readonly Token[]): boolean =>
  tokens.some(isStatus) || saysAny(tokens, 'reason', 'doubt')
