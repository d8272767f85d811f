import { act, render, renderHook, screen } from '@testing-library/preact'
import { branchScope, deskScope, organizationScope, totalsScope } from '#domain/scopes'
import { ProgressView } from '#features/study-plan/ProgressView'
import { StudyPlanView } from '#features/study-plan/StudyPlanView'
import { TopicView } from '#features/study-plan/TopicView'
import { useDraft } from '#features/study-plan/useDraft'
import { useProgress } from '#features/study-plan/useProgress'
import { useStudyPlan } from '#features/study-plan/useStudyPlan'
import { useTopic } from '#features/study-plan/useTopic'
import { admin, association, home, linXiao, onlineAt, TestBranch, zhouSecretary } from '../support/branch'
import { inWorkspace } from '../support/in-workspace'
import { phoneOf, settled, workspace } from '../support/ruled-phone'
import { plan2025 } from '../support/study-plan'

const above = organizationScope(association)

function withPlan() {
  const branch = new TestBranch()
  branch.act(admin, 'save-study-plan', { plan: plan2025() }, onlineAt('08:00'), above)
  branch.act(admin, 'hand-down-plan', { year: 2025, version: 1 }, onlineAt('08:00'), above)
  return branch
}

test('the admin plans a phase and a topic, and hands them down', async () => {
  const branch = new TestBranch()
  const { result, rerender } = renderHook(
    () => useDraft(phoneOf(branch, admin), association),
    inWorkspace(workspace),
  )
  const ready = () => {
    if (result.current.state !== 'ready') throw new Error(result.current.state)
    return result.current
  }
  const topicForm = () => {
    if (result.current.state !== 'topic') throw new Error(result.current.state)
    return result.current
  }
  expect(ready()).toMatchObject({ standing: 'draft', onHandDown: undefined, onAddPhase: undefined })
  act(() => ready().onPhaseName('第一阶段'))
  act(() => ready().onAddPhase?.())
  await settled()
  rerender()
  expect(ready().onHandDown).toBeUndefined()
  const [phase] = ready().phases
  act(() => ready().onAddTopic(phase?.id ?? ''))
  act(() => topicForm().onSave())
  expect(topicForm().problems).toMatchObject({ title: '请填写专题名称' })
  act(() => topicForm().onChange({ title: '科学家精神', from: '3月10日' }))
  act(() => topicForm().onChange({ until: '3月23日' }))
  act(() => topicForm().onSave())
  await settled()
  rerender()
  act(() => ready().onHandDown?.())
  act(() => ready().confirming?.onConfirm())
  await settled()
  rerender()
  expect(ready()).toMatchObject({ standing: 'handed-down', isDone: true, onHandDown: undefined })
  expect(branch.records.get(above, 'study-plan', '2025')?.phases[0]?.topics).toMatchObject([
    { title: '科学家精神', from: '2025-03-10', until: '2025-03-23' },
  ])

  // Taken out again it is a change that nobody has yet.
  const topic = ready().phases[0]?.topics[0]
  if (topic === undefined) throw new Error('no topic')
  act(() => ready().onTopic(phase?.id ?? '', topic))
  act(() => topicForm().onRemove?.())
  await settled()
  rerender()
  expect(ready()).toMatchObject({ standing: 'changed', onHandDown: undefined })
  expect(branch.records.get(deskScope(association), 'study-plan', '2025')?.phases[0]?.topics).toEqual([])
})

describe('in a branch', () => {
  const nowhere = { onTopic: () => undefined, onAdd: () => undefined }

  test('a keeper is asked to look through what came, a member is not', async () => {
    const branch = withPlan()
    const { result, rerender } = renderHook(
      () => useStudyPlan(phoneOf(branch, zhouSecretary), association, home, nowhere),
      inWorkspace(workspace),
    )
    act(() => result.current.onConfirm?.())
    await settled()
    rerender()
    expect(result.current.onConfirm).toBeUndefined()
    expect(branch.records.get(branchScope(home), 'branch-plan', '2025')).toMatchObject({ confirmed: 1 })

    const lin = renderHook(
      () => useStudyPlan(phoneOf(withPlan(), linXiao), association, home, nowhere),
      inWorkspace(workspace),
    )
    expect(lin.result.current).toMatchObject({ onConfirm: undefined, onAdd: undefined })
    render(<StudyPlanView screen={lin.result.current} />)
    expect(screen.getAllByText('未到时间')).toHaveLength(2)
    expect(screen.queryByText('增加专题')).toBeNull()
  })

  test('a topic is adapted, shows what it was, and goes back to what was handed down', async () => {
    const branch = withPlan()
    const asked = { organizationId: association, branchId: home, year: 2025, which: { id: 't2' } }
    const { result, rerender } = renderHook(
      () => useTopic(phoneOf(branch, zhouSecretary), asked, () => undefined),
      inWorkspace(workspace),
    )
    const ready = () => {
      if (result.current.state !== 'ready') throw new Error(result.current.state)
      return result.current
    }
    expect(ready().onWithdraw).toBeUndefined()
    act(() => ready().onAdapt?.())
    const { current } = result
    if (current.state !== 'form') throw new Error(current.state)
    act(() => current.onChange({ title: '支部的说法' }))
    act(() => (result.current.state === 'form' ? result.current.onSave() : undefined))
    await settled()
    rerender()
    const { container } = render(<TopicView screen={ready()} />)
    expect(container.textContent).toContain('上级下发的是：专题t2')
    expect(container.textContent).not.toContain('材料 无')
    act(() => ready().onWithdraw?.())
    await settled()
    rerender()
    expect(ready().topic).toMatchObject({ title: '专题t2', origin: 'above' })
  })

  test('of a topic that is there no more it says so', () => {
    const asked = { organizationId: association, branchId: home, year: 2025, which: { id: 'gone' } }
    const { result } = renderHook(
      () => useTopic(phoneOf(withPlan(), linXiao), asked, () => undefined),
      inWorkspace(workspace),
    )
    expect(result.current).toEqual({ state: 'none' })
  })
})

test('the overview says of each topic where it is missing, in signs and words', () => {
  const branch = withPlan()
  const names = ['甲支部', '乙支部']
  branch.records.apply(
    names.map((branchName, index) => ({
      scope: totalsScope(association),
      type: 'branch-topics' as const,
      key: `2025/branch-${index}`,
      value: {
        ...{ year: 2025, branchId: home, branchName, family: '科技社团', adapted: 0, own: index },
        ...(index === 0 && { confirmed: 1 }),
        topics: index === 0 ? [{ id: 't1', held: 1, planned: 0 }] : [],
      },
    })),
  )
  const { result } = renderHook(
    () => useProgress(phoneOf(branch, admin), association),
    inWorkspace(workspace),
  )
  const shown = result.current
  if (shown.state !== 'ready') throw new Error(shown.state)
  expect(shown.branches.map(({ states }) => states)).toEqual([
    ['held', 'ahead'],
    ['missing', 'ahead'],
  ])
  const { container } = render(<ProgressView screen={{ ...shown, opened: 't1' }} />)
  expect(container.textContent).toContain('「专题t1」还没有安排的支部乙支部')
  expect(container.textContent).toContain('● ·')
  expect(container.textContent).toContain('○ ·')

  const nothing = renderHook(
    () => useProgress(phoneOf(new TestBranch(), admin), association),
    inWorkspace(workspace),
  )
  expect(nothing.result.current).toEqual({ state: 'none' })
})
