// 花名册里的姓名：在一段文字里找最长的一个，同名的一起给出，错一个字的只作候选
import type { PersonId } from '../ids'
import { foldedOf, isDigit, isHan, isLatin, plainOf } from './text'

/** Somebody who may be meant. */
export interface ChainPerson {
  readonly memberId: PersonId
  readonly name: string
}

/** A name of the roster in a text. */
export interface FoundName {
  /** Where the text goes on behind it. */
  readonly to: number
  /** All who have this name, or this name with a label: 张伟 may be 张伟A or 张伟B. */
  readonly people: readonly PersonId[]
  /** The text has no label where the roster has one. */
  readonly isWithoutLabel: boolean
  /** A name this one begins with: 张伟 in 张伟明. */
  readonly shorter: Omit<FoundName, 'shorter'> | undefined
}

/** More than this help nobody to choose, and would grow with the square of the branch. */
const MAX_CANDIDATES = 8

interface Node {
  readonly next: Map<string, Node>
  readonly people: PersonId[]
  readonly labelled: PersonId[]
}

const emptyNode = (): Node => ({ next: new Map(), people: [], labelled: [] })

export class RosterNames {
  private readonly root = emptyNode()
  /** By a name with one character left open: 张＊ */
  private readonly byPattern = new Map<string, PersonId[]>()
  private readonly bySurname = new Map<string, PersonId[]>()
  private readonly byFirstPart = new Map<string, PersonId[]>()

  constructor(roster: readonly ChainPerson[]) {
    for (const { memberId, name } of roster) this.add(memberId, tightened(foldedOf(plainOf(name))))
  }

  /** The longest name that begins here. A space within is passed over, since names of two characters
   *  are padded with one: but not after a name that is whole already, where 「张伟 明天到」 goes on. */
  at(folded: string, from: number): FoundName | undefined {
    if (isLatin(folded[from]) && isLatin(folded[from - 1])) return undefined
    let node: Node | undefined = this.root
    let found: FoundName | undefined
    let isPadded = false
    for (let index = from; node !== undefined; ) {
      const step = stepFrom(node, folded, index)
      if (step === undefined || (step.isOverSpace && node.people.length > 0 && !isPadded)) break
      isPadded = isPadded || step.isOverSpace
      node = step.node
      index = step.to
      const isCut = isLatin(folded[index - 1]) && (isLatin(folded[index]) || isDigit(folded[index]))
      const people = unique([...node.people, ...node.labelled])
      if (people.length > 0 && !isCut) {
        found = { to: index, people, isWithoutLabel: node.labelled.length > 0, shorter: found }
      }
    }
    return found
  }

  /** Whose name differs from this in one character, or is longer by a part behind a middle dot. */
  alike(name: string): PersonId[] {
    const folded = tightened(foldedOf(name))
    const found = [...(this.byFirstPart.get(folded) ?? [])]
    if (folded.length >= 2 && folded.length <= 30) {
      for (const pattern of patternsOf(folded)) found.push(...(this.byPattern.get(pattern) ?? []))
    }
    return unique(found).slice(0, MAX_CANDIDATES)
  }

  withSurname(surname: string): PersonId[] {
    return unique(this.bySurname.get(surname) ?? []).slice(0, MAX_CANDIDATES)
  }

  private add(id: PersonId, name: string): void {
    if (name === '') return
    const plain = name.replace(/[()]/g, '')
    for (const spelling of unique([name, plain, plain.replace(/·/g, '')])) this.node(spelling).people.push(id)
    const base = withoutLabel(name)
    if (base !== name && base.length >= 2) this.node(base).labelled.push(id)
    for (const pattern of patternsOf(plain)) listed(this.byPattern, pattern, id)
    listed(this.bySurname, surnameOf(plain), id)
    const dot = plain.indexOf('·')
    if (dot >= 2) listed(this.byFirstPart, plain.slice(0, dot), id)
  }

  private node(spelling: string): Node {
    let node = this.root
    for (let index = 0; index < spelling.length; index += 1) {
      const next = node.next.get(spelling.charAt(index)) ?? emptyNode()
      node.next.set(spelling.charAt(index), next)
      node = next
    }
    return node
  }
}

interface Step {
  readonly node: Node
  readonly to: number
  readonly isOverSpace: boolean
}

function stepFrom(node: Node, folded: string, index: number): Step | undefined {
  const direct = nextFrom(node, folded.charAt(index))
  if (direct !== undefined) return { node: direct, to: index + 1, isOverSpace: false }
  // 张伟（A） for 张伟A
  const label = folded[index] === '(' && folded[index + 2] === ')' ? folded.charAt(index + 1) : ''
  const labelled = label === '' || node.labelled.length === 0 ? undefined : nextFrom(node, label)
  if (labelled !== undefined) return { node: labelled, to: index + 3, isOverSpace: false }
  if (folded[index] !== ' ' || index === 0) return undefined
  const over = nextFrom(node, folded.charAt(index + 1))
  return over && { node: over, to: index + 2, isOverSpace: true }
}

/** Whoever types a middle dot takes what the keyboard has. */
const nextFrom = (node: Node, character: string): Node | undefined =>
  node.next.get(character) ?? (character === '.' || character === '-' ? node.next.get('·') : undefined)

const tightened = (text: string): string => text.replace(/ /g, '').replace(/^\(|[.-]$/g, '')

/** 张伟(大), 张伟A, 张伟2 → 张伟 */
function withoutLabel(name: string): string {
  const base = name.replace(/(\([^()]*\)|[a-z]|\d+)$/, '')
  return base !== name && isHan(base[base.length - 1]) ? base : name
}

const patternsOf = (name: string): string[] =>
  name.length < 2 ? [] : Array.from(name, (_, index) => `${name.slice(0, index)}*${name.slice(index + 1)}`)

function listed(map: Map<string, PersonId[]>, key: string, id: PersonId): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [id])
  else list.push(id)
}

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)]

const compoundSurnames = new Set(
  '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 百里 呼延 南宫 独孤 西门 轩辕 淳于 申屠 公羊'.split(
    ' ',
  ),
)

/** Without those that more often begin an ordinary word: 和, 由, 应, 代, 能, 来, 党, 同, 安排 … */
const surnames = new Set(
  '赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪丁宣邓洪包石崔吉龚程邢裴陆荣翁荀甄曲封储靳段焦谷车侯全班仇宁甘武符刘景詹龙叶黎薄蒲赖卓蔺屠蒙池乔闻翟谭劳姬申冉桑桂牛寿边燕尚温庄晏柴瞿阎慕连茹习艾鱼容向古易廖耿步匡文寇广欧沃利越师巩聂晁敖融冷辛阚简饶曾沙鞠丰关查荆游权盖益桓肖闫岳付涂覃佟佘商牟佴伯赏帅亢况郏琴苟隋晋楚'.split(
    '',
  ),
)

const surnameOf = (name: string): string =>
  compoundSurnames.has(name.slice(0, 2)) ? name.slice(0, 2) : name.slice(0, 1)

/** Two or three characters with a surname in front, or one more behind a surname of two. */
export function isNameLike(text: string): boolean {
  const name = text.replace(/ /g, '')
  if (/^[^·.]{2,12}·[^·.]{2,12}(·[^·.]{1,12})?$/.test(name))
    return Array.from(name).every((c) => isHan(c) || c === '·')
  if (!Array.from(name).every((character) => isHan(character))) return false
  if (compoundSurnames.has(name.slice(0, 2)) && (name.length === 3 || name.length === 4)) return true
  return surnames.has(name.charAt(0)) && (name.length === 2 || name.length === 3)
}
