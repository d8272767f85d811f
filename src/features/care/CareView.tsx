import type { CarePrompt } from '#domain/care'
import { dayOf, formatDate } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Sheet } from '#ui/Sheet'
import { factWords, suggestionWords } from './care-words'

export interface CareScreen {
  readonly prompts: readonly CarePrompt[]
  /** The one being noted. */
  readonly chosen: CarePrompt | undefined
  readonly note: string
  readonly problem: Problem | undefined
  readonly onChoose: (prompt: CarePrompt | undefined) => void
  readonly onType: (note: string) => void
  readonly onNote: () => void
}

/** 关心提醒, for the secretary alone: the facts, what might help, and a line once it was done. */
export function CareView(screen: CareScreen) {
  const { prompts, chosen, problem } = screen
  if (prompts.length === 0)
    return (
      <>
        {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
        <Empty title="没有需要提醒的" detail="有同志两次没有来、也没有请假，这里会提醒您问问近况" />
      </>
    )
  return (
    <>
      <Meta text="提醒只有支部书记能看到。登记也会有遗漏，请先问问情况；这不是对同志的评价。" />
      {prompts.map((prompt) => (
        <Card key={prompt.memberId} title={prompt.name}>
          <Meta text={factWords(prompt)} />
          <Meta text={`建议：${suggestionWords[prompt.suggestion]}`} />
          {prompt.noted !== undefined && (
            <Meta text={`${formatDate(dayOf(prompt.noted.notedAt))}记下：${prompt.noted.note}`} />
          )}
          <Button label={`已联系${prompt.name}，写一句`} onPress={() => screen.onChoose(prompt)} />
        </Card>
      ))}
      {chosen !== undefined && <NoteSheet screen={screen} chosen={chosen} />}
    </>
  )
}

function NoteSheet({ screen, chosen }: { screen: CareScreen; chosen: CarePrompt }) {
  return (
    <Sheet
      title={`联系${chosen.name}`}
      onCancel={() => screen.onChoose(undefined)}
      actions={
        <Button label="记下" kind="main" disabled={screen.note.trim() === ''} onPress={screen.onNote} />
      }
    >
      <Meta text={factWords(chosen)} />
      <Field
        label="写一句（本人导出资料时也能看到）"
        value={screen.note}
        onInput={screen.onType}
        multiline
        maxLength={200}
        hint={`例如「家中有事，已约时间再谈」。不写病情等隐私，${noSecrets}`}
      />
      <Meta text="记下以后不再提醒；再有没来也没请假的，会重新提醒。只保留最近一句。" />
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
    </Sheet>
  )
}
