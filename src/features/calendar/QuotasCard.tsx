import { useState } from 'react'
import { type MeetingKind, meetingKinds } from '#domain/meeting'
import { type Quota, spans } from '#domain/quota'
import type { QuotaForm, SettingsForm } from '#domain/settings-form'
import { everyWords, meetingKindWords, quotaWordsOf } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Field } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

const everyOptions = spans.map((value) => ({ value, label: everyWords[value] }))

/** 应开次数: how often the branch holds each kind of meeting. */
export function QuotasCard({
  quotas,
  problem,
  onQuotas,
}: {
  quotas: SettingsForm['quotas']
  problem: string | undefined
  onQuotas: (quotas: SettingsForm['quotas']) => void
}) {
  const [opened, setOpened] = useState<MeetingKind>()
  const change = (kind: MeetingKind, changed: Partial<QuotaForm>) =>
    onQuotas({ ...quotas, [kind]: { ...quotas[kind], ...changed } })
  return (
    <Card eyebrow="应开次数">
      {meetingKinds.map((kind) => (
        <Row
          key={kind}
          title={meetingKindWords[kind]}
          detail={wordsOf(quotas[kind])}
          onPress={() => setOpened(kind)}
        />
      ))}
      {problem !== undefined && <Notice tone="red" text={problem} />}
      <Meta text="支部日程按这里提示还缺什么；正式党员不足七名的不设支委会，没有党小组的不开党小组会。" />
      {opened !== undefined && (
        <Sheet
          title={`${meetingKindWords[opened]}应开次数`}
          cancelLabel="完成"
          onCancel={() => setOpened(undefined)}
          actions={<Button label="不要求" kind="quiet" onPress={() => change(opened, { times: '0' })} />}
        >
          <Choice
            label="多长时间"
            options={everyOptions}
            value={quotas[opened].every}
            onChange={(every: Quota['every']) => change(opened, { every })}
          />
          <Field
            label="次数"
            value={quotas[opened].times}
            inputType="number"
            maxLength={2}
            hint="填 0 为不要求"
            onInput={(times) => change(opened, { times })}
          />
        </Sheet>
      )}
    </Card>
  )
}

const wordsOf = ({ every, times }: QuotaForm) =>
  times.trim() === '' ? '请填写次数' : quotaWordsOf({ every, times: Number(times) })
