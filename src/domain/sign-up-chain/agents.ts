// 代签：「刘洋代陈静」「陈静（刘洋代）」「替陈静签到-刘洋」，到会的是被代的人
import { isNameLike } from './names'
import { saysAny } from './notes'
import { isMark } from './segments'
import type { Token } from './words'

/** Who is meant by a line that one wrote for another: both as tokens, and what else is said. */
export interface ForAnother {
  readonly person: Token
  readonly agent: Token | undefined
  readonly others: readonly Token[]
}

export const speaksForAnother = (tokens: readonly Token[]): boolean =>
  saysAny(tokens, 'for', 'signed-by', 'by')

const bare = /^NN[AS]$/

/** The forms of which there is one reading only: N somebody, A 代, S 代签, B 由. */
const forms: readonly (readonly [RegExp, person: number, agent: number | undefined])[] = [
  [/^(NAN|\(NA\)N)$/, 1, 0],
  [/^N(\(B?N[AS]\)|BN[AS])$/, 0, 1],
  [bare, 0, 1],
  [/^N\(?BN\)?$/, 0, 1],
  [/^\(?A\)?N\(?N\)?$/, 0, 1],
  [/^\(?A\)?N$/, 0, undefined],
  [/^N(S|\([AS]\))$/, 0, undefined],
  [/^SN$/, 0, undefined],
]

/** Undefined where it could be either, or where the other may have come in their place. */
export function forAnother(tokens: readonly Token[], isNumbered: boolean): ForAnother | undefined {
  const people: Token[] = []
  const others: Token[] = []
  let form = ''
  for (const [index, token] of tokens.entries()) {
    const letter = letterOf(token)
    if (letter === 'N' && isGlued(tokens[index - 1])) return undefined
    if (letter === 'N') people.push(token)
    form += letter
    if (letter === '') others.push(token)
  }
  const [, person = 0, agent] = forms.find(([pattern]) => pattern.test(form)) ?? []
  const found = people[person]
  if (!forms.some(([pattern]) => pattern.test(form)) || found === undefined) return undefined
  // Without a number, 「陈静 刘洋代签」 may be two people.
  if (!isNumbered && bare.test(form)) return undefined
  if (isInTheirPlace(tokens, others) || isBareBy(tokens)) return undefined
  return { person: found, agent: agent === undefined ? undefined : people[agent], others }
}

function letterOf(token: Token): string {
  if (token.is === 'name') return 'N'
  if (token.is === 'unknown') return isSomebody(token.text) ? 'N' : 'X'
  if (token.is === 'open') return '('
  if (token.is === 'close') return ')'
  if (isMark(token, '、,@')) return 'X'
  if (token.is !== 'word') return ''
  if (token.text === '我') return 'N'
  return { for: 'A', 'signed-by': 'S', by: 'B' }[token.word.says as string] ?? ''
}

/** 小刘, 王姐, or a name that is not on the roster. */
const isSomebody = (text: string): boolean =>
  isNameLike(text) || /^[小老阿][\u4e00-\u9fff]$|^[\u4e00-\u9fff][哥姐工总]$/.test(text)

const isGlued = (before: Token | undefined): boolean => before?.is === 'name' || before?.is === 'unknown'

/** 替 and 帮 say that somebody signed only where they say so; 参加 may mean that they came instead. */
function isInTheirPlace(tokens: readonly Token[], others: readonly Token[]): boolean {
  const isSigned = others.some(({ text }) => /签|接龙|报名|打卡/.test(text)) || saysAny(others, 'excused')
  const isVague = tokens.some((token) => token.text === '替' || token.text === '帮')
  return (isVague && !isSigned) || others.some(({ text }) => /参加|参会|出席|参学/.test(text))
}

/** 「陈静由刘洋」 says nothing yet. */
const isBareBy = (tokens: readonly Token[]): boolean =>
  tokens.some(({ text }) => text === '由') && !saysAny(tokens, 'for', 'signed-by')
