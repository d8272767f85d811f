import type { TopicState } from '#domain/plan-progress'
import type { PlanTopic } from '#domain/study-plan'
import { topicStateWords } from '#domain/words'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Figures } from '#ui/Figures'
import { LongList } from '#ui/LongList'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'
import { Segments } from '#ui/Segments'
import { spanText } from './plan-words'

interface BranchProgress {
  readonly id: string
  readonly name: string
  readonly family: string
  /** Of the plan as it was handed down last. */
  readonly isConfirmed: boolean
  readonly adapted: number
  readonly own: number
  /** In the order of the topics. */
  readonly states: readonly TopicState[]
}

export type ProgressScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly year: number
      readonly phases: readonly { readonly id: string; readonly name: string }[]
      readonly phaseId: string
      readonly topics: readonly PlanTopic[]
      /** The topic whose missing branches are shown. */
      readonly opened: string | undefined
      readonly branches: readonly BranchProgress[]
      readonly onPhase: (id: string) => void
      readonly onTopic: (id: string) => void
    }

/** Readable without colour. */
const signs: Record<TopicState, string> = { held: '●', planned: '◐', missing: '○', ahead: '·' }
const order: readonly TopicState[] = ['held', 'planned', 'missing', 'ahead']

/** 计划进度: topics × branches, to see where a branch may need help. In the order of the names. */
export function ProgressView({ screen }: { screen: ProgressScreen }) {
  if (screen.state === 'none')
    return <Empty title="今年还没有下发学习计划" detail="下发以后，这里按专题和支部列出进度" />
  const { topics, branches, phases } = screen
  const families = [...new Set(branches.map(({ family }) => family))]
  const statesOf = (index: number) => branches.map(({ states }) => states[index] ?? 'ahead')
  return (
    <>
      <Card eyebrow={`${screen.year} 年学习计划`}>
        <Figures
          items={[
            { label: '支部', value: branches.length },
            { label: '已确认计划', value: branches.filter(({ isConfirmed }) => isConfirmed).length },
            { label: '有调整或增加', value: branches.filter(({ adapted, own }) => adapted + own > 0).length },
          ]}
        />
      </Card>
      {phases.length > 1 && (
        <Segments
          label="阶段"
          options={phases.map(({ id, name }) => ({ value: id, label: name }))}
          value={screen.phaseId}
          onChange={screen.onPhase}
        />
      )}
      <Card eyebrow="各专题">
        {topics.map((topic, index) => (
          <Row
            key={topic.id}
            title={`${index + 1} ${topic.title}`}
            detail={`${spanText(topic)} · ${countsText(statesOf(index))}`}
            onPress={() => screen.onTopic(topic.id)}
          />
        ))}
      </Card>
      {topics.map(
        (topic, index) =>
          topic.id === screen.opened && (
            <Missing
              key={topic.id}
              title={topic.title}
              names={branches.filter(({ states }) => states[index] === 'missing').map(({ name }) => name)}
            />
          ),
      )}
      <Meta text={order.map((state) => `${signs[state]} ${topicStateWords[state]}`).join('　')} />
      {families.map((family) => (
        <Card key={family} eyebrow={family}>
          <LongList
            name={family}
            items={branches.filter((each) => each.family === family)}
            each={({ id, name, states, isConfirmed }) => (
              <Row
                key={id}
                title={name}
                detail={`${states.map((state) => signs[state]).join(' ')}　${countsText(states)}`}
                aside={isConfirmed ? '已确认' : '未确认'}
              />
            )}
          />
        </Card>
      ))}
      <Meta text="只统计到支部，约每十秒更新一次。" />
    </>
  )
}

const countsText = (states: readonly TopicState[]): string =>
  order
    .map((state) => [topicStateWords[state], states.filter((each) => each === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word} ${count}`)
    .join(' · ')

function Missing({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <Card eyebrow={`「${title}」还没有安排的支部`}>
      {names.length === 0 && <Empty title="没有" />}
      <LongList name="支部" items={names} each={(name) => <Row key={name} title={name} />} />
    </Card>
  )
}
