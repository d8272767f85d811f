import type { Correction, CorrectionSubject } from '#domain/correction'
import { dayOf, formatDay } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import { correctionStateWords, correctionSubjectWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

const subjects = (Object.keys(correctionSubjectWords) as CorrectionSubject[]).map((value) => ({
  value,
  label: correctionSubjectWords[value],
})) // a record's own keys

export interface MyCorrectionsScreen {
  readonly subject: CorrectionSubject | undefined
  readonly words: string
  readonly problem: Problem | undefined
  /** Newest first; what still waits on this phone is marked. */
  readonly corrections: readonly (Correction & { readonly isWaiting: boolean })[]
  readonly onSubject: (subject: CorrectionSubject) => void
  readonly onWords: (words: string) => void
  readonly onAsk: () => void
}

/** 申请更正: works without signal, as everything that is recorded. */
export function MyCorrectionsView(screen: MyCorrectionsScreen) {
  const { subject, words, corrections } = screen
  return (
    <>
      <Card eyebrow="申请更正">
        <Meta text="资料或登记有误，可以请支部书记更正。要更正哪一项？" />
        <Choice label="更正" options={subjects} value={subject} onChange={screen.onSubject} wrap />
        <Field
          label="哪里不对，应当是什么"
          value={words}
          onInput={screen.onWords}
          multiline
          maxLength={200}
          hint={`只有您本人和支部书记能看到。${noSecrets}`}
        />
        {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
        <Button
          label="提出更正"
          disabled={subject === undefined || words.trim() === ''}
          onPress={screen.onAsk}
        />
      </Card>
      {corrections.length > 0 && (
        <Card eyebrow="我的更正申请">
          {corrections.map((each) => (
            <Row
              key={each.id}
              title={correctionSubjectWords[each.subject]}
              detail={[
                `${formatDay(dayOf(each.askedAt))}：${each.words}`,
                each.isWaiting ? '已记录在本机，联网后自动送达' : '',
                each.reply === undefined ? '' : `支部书记答复：${each.reply}`,
              ]
                .filter((line) => line !== '')
                .join('。')}
              chip={{
                tone: each.state === 'done' ? 'ok' : each.state === 'asked' ? 'wait' : 'neutral',
                label: correctionStateWords[each.state],
              }}
            />
          ))}
        </Card>
      )}
    </>
  )
}
