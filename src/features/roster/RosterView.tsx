import type { RosterDone, RosterItem, RosterPreview } from '#protocol/roster'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { noSecrets } from '#ui/Field'
import { Figures } from '#ui/Figures'
import { Loading } from '#ui/Loading'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Recorded } from '#ui/Recorded'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export type RosterStep =
  | { readonly is: 'choosing' }
  | { readonly is: 'reading'; readonly fileName: string }
  | { readonly is: 'previewed'; readonly fileName: string; readonly preview: RosterPreview }
  | { readonly is: 'done'; readonly done: RosterDone }

export interface RosterScreen {
  /** A secretary's file is about their own branch. */
  readonly isForBranch: boolean
  readonly isInWechat: boolean
  readonly step: RosterStep
  readonly problem: string | undefined
  readonly busyWith: 'template' | 'confirming' | undefined
  /** Asked once more before anything is written. */
  readonly isConfirming: boolean
  readonly onTemplate: () => void
  readonly onPick: () => void
  readonly onAskConfirm: () => void
  readonly onConfirm: () => void
  readonly onCancel: () => void
  readonly onInvite: () => void
}

/** 花名册导入: a file, then all that it would change, then the change. */
export function RosterView({ screen }: { screen: RosterScreen }) {
  const { step, problem } = screen
  return (
    <>
      {problem !== undefined && <Notice tone="red" text={problem} />}
      {step.is === 'choosing' && <Choosing screen={screen} />}
      {step.is === 'reading' && <Loading label={`正在读取「${step.fileName}」…`} />}
      {step.is === 'previewed' && (
        <>
          <Preview fileName={step.fileName} preview={step.preview} />
          {screen.isConfirming && <Confirming screen={screen} preview={step.preview} />}
        </>
      )}
      {step.is === 'done' && <Done screen={screen} done={step.done} />}
    </>
  )
}

function Choosing({
  screen: { isForBranch, isInWechat, busyWith, onTemplate, onPick },
}: {
  screen: RosterScreen
}) {
  return (
    <>
      <Card eyebrow="第一步" title="填好花名册">
        <Meta text="一行一人。每人一个单位自编的编号，不要填写身份证号和手机号，这里不需要也不保存。" />
        <Meta text={`${noSecrets}。`} />
        {isForBranch && <Meta text="这里只导入本支部的同志。职务、支部名称和转支部由机关党委管理员导入。" />}
        <Button label="下载模板" busy={busyWith === 'template'} onPress={onTemplate} />
      </Card>
      <Card eyebrow="第二步" title="选择文件">
        <Meta
          text={
            isInWechat
              ? '先把填好的表发到微信的任一聊天，例如「文件传输助手」，再从那里选择。可用 xlsx 或 csv。'
              : '选择这台设备上填好的表，可用 xlsx 或 csv。'
          }
        />
        <Meta text="选择后先列出会更改什么，确认之前不会写入。" />
        <Button label="选择文件" kind="main" onPress={onPick} />
      </Card>
    </>
  )
}

function Preview({ fileName, preview }: { fileName: string; preview: RosterPreview }) {
  const { problems, newBranches, changedBranches, added, changed, transferred, left, notInFile } = preview
  return (
    <>
      <Card eyebrow={fileName}>
        <Figures
          items={[
            { label: '新增', value: added.count },
            { label: '更改', value: changed.count },
            { label: '转支部', value: transferred.count },
            { label: '离开', value: left.count },
            { label: '不变', value: preview.unchanged },
          ]}
        />
        {notInFile > 0 && <Meta text={`现有 ${notInFile} 人不在文件中，不作更改。`} />}
      </Card>
      <Notice {...verdict(preview)} />
      <Section title="没有读取" count={problems.count} items={problems.items} each={problemRow} />
      <Section
        title="提示"
        count={preview.notices.length}
        items={preview.notices}
        each={(words) => <Row key={words} title={words} />}
      />
      <Section
        title="新支部"
        count={newBranches.count}
        items={newBranches.items}
        each={({ name, family }) => <Row key={name} title={name} detail={family} />}
      />
      <Section
        title="支部更改"
        count={changedBranches.count}
        items={changedBranches.items}
        each={({ name, differences }) => <Row key={name} title={name} detail={differences.join('；')} />}
      />
      <Section title="新增" count={added.count} items={added.items} each={itemRow} />
      <Section title="更改" count={changed.count} items={changed.items} each={itemRow} />
      <Section title="转支部" count={transferred.count} items={transferred.items} each={itemRow} />
      <Section title="离开" count={left.count} items={left.items} each={itemRow} />
    </>
  )
}

/** What can be done with this file. */
function verdict({ id, problems }: RosterPreview): { tone: 'ok' | 'wait' | 'neutral'; text: string } {
  const flaws = `文件里有 ${problems.count} 处问题`
  if (id === undefined) {
    return problems.count > 0
      ? { tone: 'wait', text: `${flaws}，没有可以导入的内容。请按下面的说明改好后重新选择` }
      : { tone: 'neutral', text: '文件与现有名单一致，没有需要更改的内容' }
  }
  return problems.count > 0
    ? { tone: 'wait', text: `${flaws}，这些行不会导入。其余的可以先导入，改好后再导入一次` }
    : { tone: 'ok', text: '每一行都读取了，请核对后确认' }
}

interface SectionProps<Item> {
  title: string
  /** Of all; only the first hundred travel. */
  count: number
  items: readonly Item[]
  each: (item: Item) => ReturnType<typeof Row>
}

function Section<Item>({ title, count, items, each }: SectionProps<Item>) {
  if (count === 0) return null
  return (
    <Card eyebrow={title} aside={`${count}`}>
      <LongList name={title} items={items} each={each} />
      {count > items.length && <Meta text={`只列出前 ${items.length} 项，共 ${count} 项。`} />}
    </Card>
  )
}

function problemRow({ row, column, words }: RosterPreview['problems']['items'][number]) {
  const where = [`第 ${row} 行`, ...(column === undefined ? [] : [column])].join(' · ')
  return <Row key={`${where} ${words}`} title={where} detail={words} />
}

function itemRow({ row, name, number, branchName, differences }: RosterItem) {
  const detail = [`编号 ${number}`, branchName, ...differences].join(' · ')
  return <Row key={row} title={name} detail={detail} />
}

/** Ends the job at the bottom of the screen. */
export function RosterDock({ screen }: { screen: RosterScreen }) {
  return (
    <Actions>
      <Button label="重新选择" onPress={screen.onPick} />
      {screen.step.is === 'previewed' && screen.step.preview.id !== undefined && (
        <Button label="确认导入" kind="main" onPress={screen.onAskConfirm} />
      )}
    </Actions>
  )
}

function Confirming({ screen, preview }: { screen: RosterScreen; preview: RosterPreview }) {
  const { problems } = preview
  return (
    <Sheet
      title="导入这些更改？"
      onCancel={screen.onCancel}
      actions={
        <Button label="导入" kind="main" busy={screen.busyWith === 'confirming'} onPress={screen.onConfirm} />
      }
    >
      <Meta text={`${changesInWords(preview)}。`} />
      {problems.count > 0 && <Meta text="有问题的行不会导入。" />}
      <Meta text="导入后马上生效，会记下由谁在什么时候导入。已有的学习登记不受影响。" />
    </Sheet>
  )
}

export const changesInWords = (preview: RosterPreview): string =>
  [
    ['新支部', preview.newBranches.count, '个'] as const,
    ['支部更改', preview.changedBranches.count, '个'] as const,
    ['新增', preview.added.count, '人'] as const,
    ['更改', preview.changed.count, '人'] as const,
    ['转支部', preview.transferred.count, '人'] as const,
    ['离开', preview.left.count, '人'] as const,
  ]
    .filter(([, count]) => count > 0)
    .map(([what, count, unit]) => `${what} ${count} ${unit}`)
    .join('，')

function Done({ screen, done }: { screen: RosterScreen; done: RosterDone }) {
  const figures = [
    ...(done.branches > 0 ? [`支部 ${done.branches} 个`] : []),
    ...(done.people > 0 ? [`人员 ${done.people} 人`] : []),
  ]
  return (
    <>
      <Recorded title="已导入" detail={`写入${figures.join('，')}`} />
      <Card eyebrow="接下来">
        <Row
          title={screen.isForBranch ? '成员与邀请' : '支部与书记'}
          detail={screen.isForBranch ? '给还没有登录的同志发邀请' : '先给各支部书记发邀请，成员由书记邀请'}
          onPress={screen.onInvite}
        />
      </Card>
      <Button label="再导入一份" onPress={screen.onPick} />
    </>
  )
}
