import { useState } from 'react'
import * as v from 'valibot'
import type { PersonId } from '#domain/ids'
import { type Invitation, invitationSchema } from '#protocol/people'
import { type Called, useWorkspace } from '#workspace'
import { type Invitee, invitationText } from './joining-words'
import type { PersonSheetScreen, Way } from './PersonSheet'

type Opened = Pick<PersonSheetScreen, 'person' | 'step' | 'busy' | 'problem' | 'said'>

const quiet = { busy: false, problem: undefined, said: undefined }

/** The sheet of one person, for lists of people. `onChanged`: how somebody stands has changed. */
export function usePersonSheet(
  me: PersonId,
  onChanged: () => void,
  waysFor: (person: Invitee) => readonly Way[],
): { readonly open: (person: Invitee) => void; readonly sheet: PersonSheetScreen | undefined } {
  const workspace = useWorkspace()
  const [opened, setOpened] = useState<Opened>()
  const open = (person: Invitee) => setOpened({ person, step: { is: 'looking' }, ...quiet })
  if (opened === undefined) return { open, sheet: undefined }

  const { person, step, busy } = opened
  /** Only while the sheet is still this person's: an answer may come after another's was opened. */
  const change = (next: Partial<Opened>) =>
    setOpened((now) => (now?.person.personId === person.personId ? { ...now, ...quiet, ...next } : now))
  const ask = async <T,>(
    asking: (body: { personId: PersonId }) => Promise<Called<T>>,
    then: (value: T) => Partial<Opened>,
  ) => {
    change({ busy: true })
    const called = await asking({ personId: person.personId })
    change(called.is === 'done' ? then(called.value) : { problem: called.message })
    if (called.is === 'done') onChanged()
  }
  const invite = () =>
    ask(
      (body) => workspace.call({ method: 'POST', path: '/v1/invitations', body }, invitationSchema),
      (invitation) => ({ step: { is: 'invited', invitation } }),
    )
  const unbind = () =>
    ask(
      (body) => workspace.call({ method: 'POST', path: '/v1/people/unbind', body }, v.undefined()),
      () => ({
        person: { ...person, joining: { is: 'nothing' } },
        step: { is: 'looking' },
        said: '已解除绑定，本人已在所有设备上退出',
      }),
    )
  const hand = async (handing: (invitation: Invitation) => Promise<string | undefined>, said: string) => {
    if (step.is !== 'invited') return
    const problem = await handing(step.invitation)
    change(problem === undefined ? { said } : { problem })
  }
  const canUnbind = person.personId !== me && person.joining.is !== 'nothing'
  return {
    open,
    sheet: {
      ...opened,
      onInvite: () => void invite(),
      onCopy: () =>
        void hand((each) => workspace.files.copy(invitationText(each)), '已复制，请粘贴到与本人的聊天里'),
      onSavePicture: () =>
        void hand(
          ({ picture = '' }) => workspace.files.savePicture(picture, '邀请.png'),
          '已保存，请单独发给本人',
        ),
      onAskUnbind: canUnbind && !busy ? () => change({ step: { is: 'unbinding' } }) : undefined,
      onUnbind: () => void unbind(),
      ways: waysFor(person).map(({ label, onPress }) => ({
        label,
        onPress: () => {
          setOpened(undefined) // coming back, the list is there again
          onPress()
        },
      })),
      onKeep: () => change({ step: { is: 'looking' } }),
      onClose: () => setOpened(undefined),
    },
  }
}
