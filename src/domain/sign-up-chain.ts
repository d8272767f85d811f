// 群接龙：粘贴的文字对上花名册，说不准的留给人定
import type { PersonId } from './ids'
import type { ChainMatch, ChainReading, IgnoredBecause, IgnoredLine } from './sign-up-chain/chain'
import { type Item, isNumbered, itemsOf } from './sign-up-chain/items'
import { type ChainPerson, RosterNames } from './sign-up-chain/names'
import { type ItemReading, type Line, readItem, type Surroundings } from './sign-up-chain/reading'
import type { Label } from './sign-up-chain/segments'
import { foldedOf, plainOf } from './sign-up-chain/text'

export type {
  ChainEntry,
  ChainMatch,
  ChainProblem,
  ChainReading,
  IgnoredBecause,
  IgnoredLine,
} from './sign-up-chain/chain'
export type { ChainPerson } from './sign-up-chain/names'
export type { ChainStanding } from './sign-up-chain/notes'
export { type ChainHeading, writeChain } from './sign-up-chain/template'

/** Nobody reads more than this before saying yes to it. */
export const MAX_CHAIN_LENGTH = 64 * 1024
export const MAX_CHAIN_LINES = 500

/** What a pasted chain says of the people on a roster. Nothing doubtful is settled: a name that is not
 *  exactly one on the roster, a note that is not known, two lines that differ, and messages between the
 *  lines wait for somebody to decide, or count for nothing. Of two lines that agree the later one stays. */
export function readChain(text: string, roster: readonly ChainPerson[]): ChainReading {
  const tooLong: ChainReading = { matches: [], ignored: [], missing: [], refusal: 'too-long' }
  if (text.length > MAX_CHAIN_LENGTH) return tooLong
  const lines = linesOf(text)
  if (lines.filter(({ plain }) => plain.trim() !== '').length > MAX_CHAIN_LINES) return tooLong

  const names = new RosterNames(roster)
  const reader = new ChainReader(lines, names)
  for (const line of lines) {
    reader.read(line)
    if (reader.matches.length > MAX_CHAIN_LINES) return tooLong
  }

  const { matches, repeated } = agreed(reader.matches)
  const named = new Set<PersonId>()
  for (const { candidates, problem } of matches) {
    if (problem !== 'unknown-name') for (const id of candidates) named.add(id)
  }
  return {
    matches,
    ignored: [...reader.ignored, ...repeated].sort((a, b) => a.line - b.line),
    missing: roster.map(({ memberId }) => memberId).filter((id) => !named.has(id)),
    ...(matches.length === 0 ? { refusal: 'nothing-found' as const } : {}),
  }
}

const linesOf = (text: string): Line[] =>
  text.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map((line, index) => {
    const plain = plainOf(line)
    return { number: index + 1, text: line.trim(), plain, folded: foldedOf(plain) }
  })

const chainStart = /^[ (]*#(群|发起)?(接龙|group note)/
const chainStartInWords = /^[ (]*#?(群|发起)?接龙[ ):]*$/
const example = /^[ (]*(?:例|示例|样例|例子|例如|举例|范例|格式|接龙格式|模板)(?:[ ).:、,\-\d]|$)/
const exampleAlone = /^[ (]*(?:例|示例|样例|例子|例如|举例|格式|接龙格式|模板)[ ).:]*$/
const exampleWithin = /示例|样例|[(]例[)]|^例[ :]/

/** 「请假统计」, 「不能参加的请接龙」, 「补学登记」 */
const absenceTitle =
  /(请假|缺席|迟到|缺勤|未到|没到|没来|补学|补课|不参加|不能参加|不能来|不能到|无法参加|来不了|参加不了|去不了)(人员|同志|党员|的|请|在此|在下面)*(登记|统计|接龙|名单|汇总|报备|情况|名册|表)/

const notYet =
  /(未|没|没有|尚未)(参与|完成|进行)?(接龙|签到|报名|打卡|填|回复)|(以下|下列)(几位|这些)?(同志|人员|党员|名单)|除了? ?:? *$/
const ofThoseAbove = /(以上|上述)[^请]{0,12}(请假|缺席|未|没|迟到|不|出差|病)/

const plainly: Surroundings = { label: undefined, isLabelDoubtful: false, isMessage: false }

/** Goes through the lines in order, since what stands above a line may change what it says. */
class ChainReader {
  matches: ChainMatch[] = []
  readonly ignored: IgnoredLine[] = []
  /** By line: a numbered one, or an example, comes before the next chain begins. */
  private readonly listFollows: readonly boolean[]
  private heading: 'none' | 'to-list' | 'title' = 'none'
  private label: Label | undefined
  private labelEntries = 0
  private isLabelOver = false
  private isInChat = false
  private isBehindAbsence = false
  private isExampleNext = false

  constructor(
    lines: readonly Line[],
    private readonly names: RosterNames,
  ) {
    const follows: boolean[] = []
    let isFollowed = false
    for (let index = lines.length - 1; index >= 0; index -= 1) {
      follows[index] = isFollowed
      const folded = lines[index]?.folded ?? ''
      if (chainStart.test(folded)) isFollowed = false
      else isFollowed = isFollowed || isNumbered(folded) || example.test(folded)
    }
    this.listFollows = follows
  }

  read(line: Line): void {
    const because = this.taken(line)
    if (because !== undefined) this.ignored.push({ line: line.number, text: line.text, because })
  }

  /** Takes what a line says; or why it is passed over. */
  private taken(line: Line): IgnoredBecause | undefined {
    const { folded } = line
    if (folded.trim() === '') return this.blank()
    if (this.isExampleNext) {
      this.isExampleNext = false
      return 'example'
    }
    const items = itemsOf(folded, this.names)
    if (chainStart.test(folded)) {
      this.begin(line, items.length > 1)
      this.takeAbsence(line)
      if (items.length === 1) return 'heading'
    }
    const behindNumber = folded.slice(items[0]?.from ?? 0)
    if (example.test(folded) || exampleWithin.test(behindNumber)) {
      this.heading = 'none'
      this.isExampleNext = exampleAlone.test(folded)
      return 'example'
    }
    if (chainStartInWords.test(folded)) return 'heading'
    if (this.isHeading(items.some((item) => item.isNumbered))) {
      this.takeHeading(line)
      return 'heading'
    }
    const because = this.takenFrom(line, items)
    if (because === 'talk' || because === 'heading') this.takeRemark(line)
    return because
  }

  private takenFrom(line: Line, items: readonly Item[]): IgnoredBecause | undefined {
    const above = this.label
    const before = this.matches.length
    let because: IgnoredBecause | undefined
    for (const item of items) {
      if (item.isNumbered) {
        this.isInChat = false
        this.isBehindAbsence = false
      } else if (items.length > 1 && chainStart.test(line.folded)) continue
      because = this.take(readItem(line, item, this.surroundings(), this.names)) ?? because
    }
    // A label before the numbers of a line is about that line alone.
    if (items.length > 1) this.label = above
    if (this.matches.length > before || this.label?.is === 'field') this.labelEntries += 1
    return this.matches.length > before ? undefined : (because ?? 'talk')
  }

  /** Why it is passed over, if it is. */
  private take(reading: ItemReading): IgnoredBecause | undefined {
    if (reading.is === 'matches') {
      this.matches.push(...reading.matches)
      this.isBehindAbsence = reading.isOfAbsence ?? this.isBehindAbsence
      return undefined
    }
    if (reading.is === 'ignored') {
      // Before anybody is named, a line is about the chain.
      const isTitle = this.matches.length === 0 && !this.isInChat
      return isTitle && reading.because === 'talk' ? 'heading' : reading.because
    }
    if (reading.is === 'sender') {
      this.isInChat = true
      this.setLabel(undefined)
      return 'talk'
    }
    const { label } = reading
    if (label.is === 'talk') return 'talk'
    this.setLabel(label.is === 'plain' || label.is === 'matter' ? undefined : label)
    this.isInChat = false
    return 'heading'
  }

  /** 「请假名单」 is about the list below wherever it stands; no name in a heading is. */
  private takeHeading(line: Line): void {
    const reading = readItem(
      line,
      { from: 0, to: line.folded.length, isNumbered: false },
      plainly,
      this.names,
    )
    const isAbout =
      reading.is === 'label' && (reading.label.is === 'status' || reading.label.is === 'doubtful')
    if (isAbout) this.setLabel(reading.label)
    else this.takeAbsence(line)
  }

  /** A chain of those who are not there is no list of those who are. */
  private takeAbsence({ folded }: Line): void {
    if (absenceTitle.test(folded)) this.setLabel({ is: 'doubtful', tokens: [] })
  }

  /** 「以下同志还没接龙」, 「以上同志请假」 */
  private takeRemark(line: Line): void {
    this.takeAbsence(line)
    if (notYet.test(line.folded)) this.setLabel({ is: 'doubtful', tokens: [] })
    if (ofThoseAbove.test(line.folded)) this.matches = this.matches.map(doubted)
  }

  private surroundings(): Surroundings {
    return {
      label: this.isLabelOver ? undefined : this.label,
      isLabelDoubtful: this.isLabelOver || this.isBehindAbsence,
      isMessage: this.isInChat,
    }
  }

  private setLabel(label: Label | undefined): void {
    this.isBehindAbsence = false
    this.label = label
    this.labelEntries = 0
    this.isLabelOver = false
  }

  private begin(line: Line, isListed: boolean): void {
    this.setLabel(undefined)
    this.isInChat = false
    const hasTitle = line.folded.replace(chainStart, '').trim() !== ''
    if (isListed) this.heading = 'none'
    else if (this.listFollows[line.number - 1] === true) this.heading = 'to-list'
    else this.heading = hasTitle ? 'none' : 'title'
  }

  private isHeading(isListed: boolean): boolean {
    if (this.heading === 'none') return false
    if (this.heading === 'to-list') {
      if (isListed) this.heading = 'none'
      return !isListed
    }
    this.heading = 'none'
    return true
  }

  /** Whether those behind a blank line are on leave too, nobody can know. */
  private blank(): IgnoredBecause {
    this.isBehindAbsence = false
    const says = this.label?.tokens.some((token) => token.is === 'word' && token.word.says === 'present')
    if (this.label !== undefined && this.labelEntries > 0) {
      if (says === true || this.label.is === 'field') this.setLabel(undefined)
      else this.isLabelOver = true
    }
    return 'blank'
  }
}

const doubted = (match: ChainMatch): ChainMatch => {
  const { memberId, ...rest } = match
  return memberId === undefined ? match : { ...rest, problem: 'unclear' }
}

/** Each person once: of lines that agree the last, and all of them for review where they differ, or where
 *  one of them is not clear. */
function agreed(all: readonly ChainMatch[]): { matches: ChainMatch[]; repeated: IgnoredLine[] } {
  const byPerson = new Map<PersonId, ChainMatch[]>()
  const doubtedPeople = new Set<PersonId>()
  for (const match of all) {
    const [only] = match.candidates
    if (match.memberId !== undefined) {
      const list = byPerson.get(match.memberId)
      if (list === undefined) byPerson.set(match.memberId, [match])
      else list.push(match)
    } else if (match.problem === 'unclear' && match.candidates.length === 1 && only !== undefined) {
      doubtedPeople.add(only)
    }
  }
  const matches: ChainMatch[] = []
  const repeated: IgnoredLine[] = []
  for (const match of all) {
    const same = match.memberId === undefined ? undefined : byPerson.get(match.memberId)
    if (match.memberId === undefined || same === undefined) {
      matches.push(match)
    } else if (doubtedPeople.has(match.memberId) || same.some((other) => !isSame(other, match))) {
      const { memberId: _, ...rest } = match
      matches.push({ ...rest, problem: 'twice' })
    } else if (same[same.length - 1] === match) {
      matches.push(match)
    } else {
      const { line, text } = match.entry
      repeated.push({ line, text, because: 'repeated' })
    }
  }
  return { matches, repeated }
}

const isSame = (a: ChainMatch, b: ChainMatch): boolean =>
  a.standing === b.standing && a.leaveKind === b.leaveKind
