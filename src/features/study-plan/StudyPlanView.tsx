import type { TopicState } from '#domain/plan-progress'
import { type Problem, problemText } from '#domain/refusal'
import { type BranchTopic, ownPhase } from '#domain/study-plan'
import { originWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Figures } from '#ui/Figures'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { chipOf, spanText } from './plan-words'

export interface StudyPlanScreen {
  readonly year: number
  readonly title: string
  /** Without a branch nothing is said of how far it has come. */
  readonly isOfBranch: boolean
  readonly phases: readonly {
    readonly id: string
    readonly name: string
    readonly topics: readonly (BranchTopic & { readonly state: TopicState })[]
  }[]
  readonly problem: Problem | undefined
  /** The keepers', where the plan above changed since they looked through it. */
  readonly onConfirm: (() => void) | undefined
  readonly onTopic: (id: string) => void
  /** The keepers'. */
  readonly onAdd: ((phaseId: string) => void) | undefined
  readonly onEarlier: () => void
  readonly onLater: () => void
}

/** 学习计划: the year's phases and topics as the branch goes by them, and how far it has come. */
export function StudyPlanView({ screen }: { screen: StudyPlanScreen }) {
  const { phases, year, onAdd } = screen
  const topics = phases.flatMap((phase) => phase.topics)
  const count = (state: TopicState) => topics.filter((topic) => topic.state === state).length
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.onConfirm !== undefined && (
        <Notice
          tone="wait"
          text="上级下发的计划有更新。请看一遍，需要时调整或增加专题，然后确认"
          action={{ label: '确认', onPress: screen.onConfirm }}
        />
      )}
      <Card eyebrow={`${year} 年`} title={screen.title === '' ? '学习计划' : screen.title}>
        {topics.length === 0 ? (
          <Empty
            title="这一年还没有学习计划"
            detail={
              onAdd === undefined
                ? '上级下发或支部增加专题以后，会列在这里'
                : '上级还没有下发，支部可以先增加自己的专题'
            }
          />
        ) : (
          screen.isOfBranch && (
            <Figures
              items={[
                { label: '专题', value: topics.length },
                { label: '已学', value: count('held') },
                { label: '已安排', value: count('planned') },
                { label: '还没有安排', value: count('missing') },
              ]}
            />
          )
        )}
        {topics.length === 0 && onAdd !== undefined && (
          <Button label="增加专题" onPress={() => onAdd(ownPhase.id)} />
        )}
      </Card>
      {phases.map(({ id, name, topics: within }) => (
        <Card key={id} eyebrow={name}>
          {within.map((topic) => (
            <Row
              key={topic.id}
              title={topic.title}
              detail={[spanText(topic), topic.origin === 'above' ? '' : originWords[topic.origin]]
                .filter(Boolean)
                .join(' · ')}
              {...(screen.isOfBranch && { chip: chipOf(topic.state) })}
              onPress={() => screen.onTopic(topic.id)}
            />
          ))}
          {onAdd !== undefined && (
            <Button label={`在「${name}」增加专题`} kind="quiet" onPress={() => onAdd(id)} />
          )}
        </Card>
      ))}
      {screen.isOfBranch && topics.length > 0 && (
        <Meta text="周汇朝学、集中学习、党课、主题党日选了计划里的专题，登记簿关闭以后就算已学。" />
      )}
      <Actions>
        <Button label="上一年" kind="quiet" onPress={screen.onEarlier} />
        <Button label="下一年" kind="quiet" onPress={screen.onLater} />
      </Actions>
    </>
  )
}
