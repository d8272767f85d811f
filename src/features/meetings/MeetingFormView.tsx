import type { PersonId } from '#domain/ids'
import { isForEverybody, isStudy, meetingKinds } from '#domain/meeting'
import { combinable, type MeetingForm, type MeetingProblems } from '#domain/meeting-form'
import { type Problem, problemText } from '#domain/refusal'
import type { PlanTopic } from '#domain/study-plan'
import { meetingKindWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Switch } from '#ui/Switch'

export type MeetingFormScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly isNew: boolean
      /** Its register: kind, time and who comes stay as they are. */
      readonly isClosed: boolean
      readonly form: MeetingForm
      readonly problems: MeetingProblems
      /** Of the branch, to choose who comes to a meeting that is not for everybody. */
      readonly people: readonly { readonly id: PersonId; readonly name: string }[]
      /** 党小组 of the branch. */
      readonly groups: readonly string[]
      /** Of the year's plan, due on its day. */
      readonly planTopics: readonly Pick<PlanTopic, 'id' | 'title'>[]
      readonly problem: Problem | undefined
      readonly onChange: (changed: Partial<MeetingForm>) => void
      readonly onSave: () => void
    }

export const kindOptions = meetingKinds.map((value) => ({ value, label: meetingKindWords[value] }))

/** 安排会议 */
export function MeetingFormView({ screen }: { screen: MeetingFormScreen }) {
  if (screen.state === 'none') return <Empty title="这次会议不能再修改" detail="会议已经归档或取消" />
  const { form, problems, onChange } = screen
  return (
    <>
      {screen.isClosed && (
        <Notice tone="neutral" text="登记簿已经关闭：类别、时间和参加的同志不能再改，其余可以补全" />
      )}
      <Card eyebrow="类别">
        <Choice
          wrap
          label="会议类别"
          options={kindOptions}
          value={form.kind}
          onChange={(kind) => onChange({ kind, alsoCountsAs: [] })}
        />
        {combinable
          .filter((kind) => kind !== form.kind && form.kind !== 'committee-meeting')
          .map((kind) => (
            <Switch
              key={kind}
              label={`同时算${meetingKindWords[kind]}`}
              checked={form.alsoCountsAs.includes(kind)}
              onChange={(isOn) => onChange({ alsoCountsAs: toggled(form.alsoCountsAs, kind, isOn) })}
            />
          ))}
      </Card>
      {form.kind === 'group-meeting' && screen.groups.length > 0 && (
        <Card eyebrow="党小组">
          <Choice
            wrap
            label="党小组"
            options={screen.groups.map((value) => ({ value, label: value }))}
            {...(form.group === '' ? {} : { value: form.group })}
            onChange={(group) => onChange({ group })}
          />
          <Meta text="选好后，参加的同志按党小组列出，可以再改" />
        </Card>
      )}
      {screen.planTopics.length > 0 && [form.kind, ...form.alsoCountsAs].some(isStudy) && (
        <Card eyebrow="学习计划的专题">
          <Choice
            wrap
            label="专题"
            options={screen.planTopics.map(({ id, title }) => ({ value: id, label: title }))}
            {...(form.planTopicId === '' ? {} : { value: form.planTopicId })}
            onChange={(id) => onChange({ planTopicId: id, topic: titleOf(screen.planTopics, id) })}
          />
          <Meta text="选好后填入下面的主题，这次会就计入这个专题；也可以不选" />
        </Card>
      )}
      <WhenAndWhat form={form} problems={problems} onChange={onChange} />
      {!isForEverybody(form.kind) && (
        <Card eyebrow={`参加的同志 · 已选 ${form.attends.length} 人`}>
          {problems.attends !== undefined && <Notice tone="red" text={problems.attends} />}
          {screen.people.map(({ id, name }) => (
            <Switch
              key={id}
              label={name}
              checked={form.attends.includes(id)}
              onChange={(isOn) => onChange({ attends: toggled(form.attends, id, isOn) })}
            />
          ))}
        </Card>
      )}
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {Object.keys(problems).length > 0 && <Notice tone="red" text="有填写不对的地方，请看上面的红字" />}
      {screen.isNew && <Meta text="保存后先在支部日程里；点「通知支部」以后，首页会提示参加的同志。" />}
      <Button label="保存" kind="main" onPress={screen.onSave} />
    </>
  )
}

/** What a meeting and a joint one have in common. */
export function WhenAndWhat({
  form,
  problems,
  onChange,
  isJoint = false,
}: Pick<Extract<MeetingFormScreen, { state: 'ready' }>, 'form' | 'problems' | 'onChange'> & {
  isJoint?: boolean
}) {
  const field = (
    name: 'topic' | 'day' | 'starts' | 'ends' | 'place' | 'host' | 'recorder' | 'studyHours',
  ) => ({
    value: form[name],
    onInput: (value: string) => onChange({ [name]: value }),
    ...(problems[name] === undefined ? {} : { error: problems[name] }),
  })
  const isCredited = [form.kind, ...form.alsoCountsAs].some(isStudy)
  return (
    <Card eyebrow="时间、地点和议程">
      <Field label="议题或主题" maxLength={80} hint={noSecrets} {...field('topic')} />
      <Field label="日期" maxLength={20} {...field('day')} />
      <Field label="开始" maxLength={5} {...field('starts')} />
      <Field label="结束" maxLength={5} {...field('ends')} />
      <Field label="地点" maxLength={60} hint={noSecrets} {...field('place')} />
      <Field label="主持人" maxLength={40} {...field('host')} />
      {!isJoint && <Field label="记录人" maxLength={40} {...field('recorder')} />}
      <Field
        label="议程"
        multiline
        maxLength={1500}
        value={form.agenda}
        onInput={(agenda) => onChange({ agenda })}
        hint={`一行一项。${noSecrets}`}
        {...(problems.agenda === undefined ? {} : { error: problems.agenda })}
      />
      {!isJoint && isCredited && (
        <Field
          label="学时"
          maxLength={4}
          hint="按支部的折算填写，参加的同志各记一次"
          {...field('studyHours')}
        />
      )}
    </Card>
  )
}

const titleOf = (topics: readonly Pick<PlanTopic, 'id' | 'title'>[], id: string) =>
  topics.find((topic) => topic.id === id)?.title ?? ''

export const toggled = <T extends string>(all: readonly T[], one: T, isOn: boolean): T[] =>
  isOn ? [...all, one] : all.filter((each) => each !== one)
