// 花名册的一行对一个人意味着什么：加入、转入、离开、更改，或没有变化
import type { Profile } from './authority'
import type { Day } from './day'
import { type BranchId, type OrganizationId, personId } from './ids'
import type { Membership, Period } from './membership'
import {
  changesBetween,
  endedOn,
  isClash,
  isOpen,
  isPresent,
  lastOf,
  movedTo,
  type PersonRecords,
  replaced,
  rolesIn,
  withRole,
} from './person'
import type { Change } from './records'
import { columnTitle, type PersonLine, type RosterColumn } from './roster-lines'

/** Who imports: the admin for every branch, a secretary for their own. */
export type RosterImporter =
  | { readonly is: 'admin' }
  | { readonly is: 'secretary'; readonly branchId: BranchId }

/** Why a row is not taken. */
export interface Refused {
  readonly column: string
  readonly words: string
}
export const isRefused = (outcome: object): outcome is Refused => 'words' in outcome
export const refused = (column: RosterColumn, words: string): Refused => ({
  column: columnTitle(column),
  words,
})

/** What becomes of one person by their row. */
export interface Fate {
  readonly before: PersonRecords | undefined
  readonly after: PersonRecords
  readonly happened: Happened
  /** 「职务：无 → 支部书记」 */
  readonly differences: readonly string[]
  readonly changes: readonly Change[]
}

export type Happened =
  | { readonly is: 'added' | 'changed' | 'unchanged' }
  | { readonly is: 'transferred'; readonly from: string; readonly on: Day }
  | { readonly is: 'left'; readonly on: Day }

export interface Setting {
  readonly branchId: BranchId
  readonly organizationId: OrganizationId
  readonly by: RosterImporter
  readonly today: Day
  readonly nameOfBranch: (id: BranchId) => string
  readonly newPersonId: () => string
}

/** What a row makes of a person, or why it cannot be taken. `before` is undefined for somebody new. */
export function fateOf(
  line: PersonLine,
  before: PersonRecords | undefined,
  setting: Setting,
): Fate | Refused {
  for (const column of ['joinedOn', 'leftOn'] as const) {
    if ((line[column] ?? setting.today) > setting.today)
      return refused(column, `“${columnTitle(column)}”晚于今天，请到那一天再导入，或改正日期`)
  }
  const row = new PersonRow(line, before, setting)
  return row.fate()
}

class PersonRow {
  private readonly here: Membership | undefined
  private readonly elsewhere: readonly Membership[]

  constructor(
    private readonly line: PersonLine,
    private readonly before: PersonRecords | undefined,
    private readonly setting: Setting,
  ) {
    const memberships = before?.memberships ?? []
    this.here = memberships.find(({ branchId }) => branchId === setting.branchId)
    this.elsewhere = memberships.filter((each) => each !== this.here && isPresent(each, setting.today))
  }

  fate(): Fate | Refused {
    const { here, setting } = this
    if (this.line.leftOn !== undefined) return this.leaving(this.line.leftOn)
    if (here !== undefined && isPresent(here, setting.today)) return this.staying(here)
    if (setting.by.is === 'secretary' && this.elsewhere.length > 0) {
      return refused('number', `编号 ${this.line.number} 目前在另一支部，请由机关党委管理员转入`)
    }
    return this.joining()
  }

  private leaving(leftOn: Day): Fate | Refused {
    const { before, here, setting } = this
    if (before === undefined || here === undefined)
      return refused('leftOn', '此人不在这个支部，不用导入离开的人，请删去本行')
    if (setting.by.is === 'secretary' && rolesIn(before.profile, setting.branchId).length > 0)
      return refused('leftOn', '此人在本支部任职，请由机关党委管理员办理离开')
    const spells = withLast(here.spells, { ...this.lastSpell(here), until: leftOn })
    const profile = withRole(this.said(before.profile), setting.branchId, 'none')
    const happened: Happened | undefined = isPresent(here, setting.today)
      ? { is: 'left', on: leftOn }
      : undefined
    return this.settled(profile, [this.named({ ...here, spells })], happened)
  }

  private staying(here: Membership): Fate | Refused {
    const spells = withLast(here.spells, this.lastSpell(here))
    const exempt = this.exempt(here.exempt)
    return this.settled(this.appointed(this.profile()), [this.named({ ...here, spells, exempt })])
  }

  private joining(): Fate | Refused {
    const { elsewhere, setting } = this
    const on = this.line.joinedOn ?? setting.today
    const before = { profile: this.profile(), memberships: this.before?.memberships ?? [] }
    const { profile, memberships } = movedTo(before, setting.branchId, on, setting.today)
    const moved = memberships.map((each) =>
      each.branchId === setting.branchId ? this.named({ ...each, exempt: this.exempt(each.exempt) }) : each,
    )
    const from = elsewhere.map((each) => setting.nameOfBranch(each.branchId)).join('、')
    const happened: Happened = elsewhere.length > 0 ? { is: 'transferred', from, on } : { is: 'added' }
    return this.settled(this.appointed(profile), moved, happened)
  }

  private settled(
    profile: Profile,
    changed: readonly Membership[],
    happened: Happened | undefined = undefined,
  ): Fate | Refused {
    const { before, setting } = this
    const after = { profile, memberships: replaced(before?.memberships ?? [], changed) }
    if (isClash(before, after))
      return refused('joinedOn', '加入、离开日期与系统里此人的在册时间相冲突，请核对日期')
    const changes = changesBetween(before, after, setting.today)
    return {
      before,
      after,
      happened: happened ?? { is: changes.length > 0 ? 'changed' : 'unchanged' },
      differences: before === undefined ? [] : this.differences(before, after),
      changes,
    }
  }

  private differences(before: PersonRecords, after: PersonRecords): string[] {
    const { branchId, today } = this.setting
    const present = this.here !== undefined && isPresent(this.here, today) ? this.here : this.elsewhere[0]
    const was = present ?? this.here
    const now = after.memberships.find((each) => each.branchId === branchId)
    if (was === undefined || now === undefined)
      return difference('姓名', before.profile.name, after.profile.name)
    const isExempt = (each: Membership) => (each.exempt.some((period) => isOpen(period, today)) ? '是' : '否')
    const isSameStay = was === this.here && was.spells.length === now.spells.length
    const [spellBefore, spellAfter] = [lastOf(was.spells), lastOf(now.spells)]
    return [
      ...difference('姓名', was.name === now.name ? before.profile.name : was.name, now.name),
      ...(before.profile.number === now.number && was.number === now.number
        ? []
        : [`补上编号：${now.number}`]),
      ...difference('党员身份', kindWords[was.membership], kindWords[now.membership]),
      ...difference('职务', roleWordsOf(before.profile), roleWordsOf(after.profile)),
      ...(isSameStay ? difference('加入日期', spellBefore?.from, spellAfter?.from) : []),
      ...(isSameStay && spellBefore?.until !== undefined
        ? difference('离开日期', spellBefore.until, spellAfter?.until)
        : []),
      ...(was === this.here && !isSameStay ? [`重新加入：${spellAfter?.from}`] : []),
      ...difference('免考勤', isExempt(was), isExempt(now)),
    ]
  }

  private profile(): Profile {
    const { before, setting, line } = this
    if (before !== undefined) return this.said(before.profile)
    return {
      personId: personId(setting.newPersonId()),
      name: line.name,
      number: line.number,
      organizationId: setting.organizationId,
      appointments: [],
    }
  }

  private said(profile: Profile): Profile {
    return { ...profile, name: this.line.name, number: this.line.number }
  }

  private named(membership: Membership): Membership {
    const { name, number, membership: kind } = this.line
    return { ...membership, name, number, membership: kind ?? membership.membership }
  }

  /** The admin's file alone says who holds an office. */
  private appointed(profile: Profile): Profile {
    const { role } = this.line
    if (this.setting.by.is !== 'admin' || role === undefined) return profile
    return withRole(profile, this.setting.branchId, role)
  }

  private exempt(periods: readonly Period[]): Period[] {
    const { today } = this.setting
    const { isExempt } = this.line
    const isNow = periods.some((period) => isOpen(period, today))
    if (isExempt === undefined || isExempt === isNow) return [...periods]
    return isExempt ? [...periods, { from: today }] : endedOn(periods, today, today)
  }

  /** Their last time in the branch, from the day the row gives. A day on which one of their earlier
   *  times began says nothing new. */
  private lastSpell(here: Membership): Period {
    const spell = lastOf(here.spells) ?? { from: this.setting.today }
    const { joinedOn } = this.line
    if (joinedOn === undefined || here.spells.some(({ from }) => from === joinedOn)) return spell
    return { ...spell, from: joinedOn }
  }
}

const kindWords: Record<Membership['membership'], string> = {
  full: '正式党员',
  probationary: '预备党员',
  activist: '入党积极分子',
}

const roleWords = { secretary: '支部书记', 'committee-member': '支部委员' } as const

function roleWordsOf(profile: Profile): string {
  const roles = profile.appointments.flatMap((each) => ('branchId' in each ? roleWords[each.role] : []))
  return roles.join('、') || '无'
}

export const difference = (what: string, before: string | undefined, after: string | undefined): string[] =>
  before === after ? [] : [`${what}：${before ?? '无'} → ${after ?? '无'}`]

const withLast = (spells: readonly Period[], spell: Period): Period[] => [
  ...spells.filter((each) => each !== lastOf(spells)),
  spell,
]
