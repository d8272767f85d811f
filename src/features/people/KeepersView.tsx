import type { BranchId } from '#domain/ids'
import { roleWords } from '#domain/words'
import type { Keepers } from '#protocol/people'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field } from '#ui/Field'
import { Loading } from '#ui/Loading'
import { LongList } from '#ui/LongList'
import { Row } from '#ui/Row'
import { Segments } from '#ui/Segments'
import { Slot } from '#ui/Slot'
import { type Invitee, joiningChip } from './joining-words'
import { PersonSheet, type PersonSheetScreen } from './PersonSheet'

export type KeptBranch = Keepers['branches'][number]
export type KeepersFilter = 'all' | 'without-secretary' | 'to-invite'

export type KeepersScreen =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string; readonly onRetry: () => void }
  | {
      readonly state: 'ready'
      readonly branches: readonly KeptBranch[]
      readonly sought: string
      readonly filter: KeepersFilter
      readonly onSeek: (words: string) => void
      readonly onFilter: (filter: KeepersFilter) => void
      readonly onOpen: (person: Invitee, branchId: BranchId) => void
      readonly onBranch: (branchId: BranchId) => void
      readonly onRoster: () => void
    }

/** 支部与书记: every branch, by family and in the order of their numbers, with whoever keeps it. */
export function KeepersView({
  screen,
  sheet,
}: {
  screen: KeepersScreen
  sheet: PersonSheetScreen | undefined
}) {
  return (
    <>
      <Kept screen={screen} />
      <Slot>{sheet !== undefined && <PersonSheet sheet={sheet} />}</Slot>
    </>
  )
}

function Kept({ screen }: { screen: KeepersScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取各支部…" />
    case 'failed':
      return <Empty title={screen.message} action={{ label: '重试', onPress: screen.onRetry }} />
    case 'ready':
      return <Branches {...screen} />
  }
}

const filters = [
  { value: 'all' as const, label: '全部' },
  { value: 'without-secretary' as const, label: '尚无书记' },
  { value: 'to-invite' as const, label: '未邀请' },
]

type Ready = Extract<KeepersScreen, { state: 'ready' }>

function Branches(screen: Ready) {
  const { branches, sought, filter } = screen
  const lines = branches
    .filter(({ name }) => name.includes(sought.trim()))
    .flatMap((branch) => linesOf(branch, filter))
  if (branches.length === 0) {
    const action = { label: '花名册导入', onPress: screen.onRoster }
    return <Empty title="还没有支部" detail="导入花名册后，支部和书记会出现在这里" action={action} />
  }
  return (
    <>
      <Field label="查找支部" value={sought} onInput={screen.onSeek} maxLength={40} />
      <Segments label="显示" options={filters} value={filter} onChange={screen.onFilter} />
      {lines.length === 0 && <Empty title={emptyWords(screen)} />}
      {[...new Set(lines.map(({ branch }) => branch.family))].map((family) => (
        <Card key={family} eyebrow={family}>
          <LongList
            name={family}
            items={lines.filter(({ branch }) => branch.family === family)}
            each={(line) => <KeeperRow key={keyOf(line)} line={line} screen={screen} />}
          />
        </Card>
      ))}
      {lines.some(({ keeper }) => keeper === undefined) && (
        <Button label="用花名册设置书记" onPress={screen.onRoster} hint="在「职务」一列填写支部书记后导入" />
      )}
    </>
  )
}

/** Somebody who keeps a branch; without a keeper, that it has no secretary. The first line of a branch
 *  names it. */
interface Line {
  readonly branch: KeptBranch
  readonly keeper: KeptBranch['keepers'][number] | undefined
  readonly isFirst: boolean
}

function linesOf(branch: KeptBranch, filter: KeepersFilter): Line[] {
  const those = (role: 'secretary' | 'committee-member') =>
    branch.keepers.filter((each) => each.role === role)
  const secretaries = those('secretary')
  return [...(secretaries.length > 0 ? secretaries : [undefined]), ...those('committee-member')]
    .filter((keeper) => isShown(keeper, filter))
    .map((keeper, index) => ({ branch, keeper, isFirst: index === 0 }))
}

function isShown(keeper: Line['keeper'], filter: KeepersFilter): boolean {
  if (filter === 'without-secretary') return keeper === undefined
  if (filter === 'to-invite') return keeper?.joining.is === 'nothing'
  return true
}

const keyOf = ({ branch, keeper }: Line) => `${branch.branchId} ${keeper?.personId ?? ''}`

const emptyWords = ({ sought, filter }: Ready): string => {
  if (sought.trim() !== '') return '没有找到这样的支部，请换几个字再试'
  return filter === 'without-secretary' ? '各支部都有书记' : '没有未邀请的书记和委员'
}

function KeeperRow({ line, screen }: { line: Line; screen: Pick<Ready, 'onOpen' | 'onBranch'> }) {
  const { branch, keeper, isFirst } = line
  const { branchId } = branch
  if (keeper === undefined)
    return <Row title={branch.name} detail="尚无书记，点此选一位" onPress={() => screen.onBranch(branchId)} />
  const { role, name, joining } = keeper
  const who = role === undefined ? name : `${roleWords[role]} ${name}`
  return (
    <Row
      {...(isFirst ? { title: branch.name, detail: who } : { title: who })}
      chip={joiningChip(joining)}
      onPress={() => screen.onOpen(keeper, branchId)}
    />
  )
}
