import type { Invitation, Joining } from '#protocol/people'
import { Button } from '#ui/Button'
import { Code } from '#ui/Code'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Picture } from '#ui/Picture'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { describe, type Invitee, joiningChip, untilWords } from './joining-words'

/** To a page about this person or their branch. */
export interface Way {
  readonly label: string
  readonly onPress: () => void
}

export interface PersonSheetScreen {
  readonly person: Invitee
  readonly step:
    | { readonly is: 'looking' }
    | { readonly is: 'unbinding' }
    /** The code is told once and is gone when the sheet closes. */
    | { readonly is: 'invited'; readonly invitation: Invitation }
  readonly busy: boolean
  readonly problem: string | undefined
  readonly said: string | undefined
  readonly onInvite: () => void
  readonly onCopy: () => void
  readonly onSavePicture: () => void
  /** Absent for oneself, who would be locked out, and where there is nothing to take back. */
  readonly onAskUnbind: (() => void) | undefined
  readonly onUnbind: () => void
  /** Where else one can go from here, by who looks. */
  readonly ways: readonly Way[]
  readonly onKeep: () => void
  readonly onClose: () => void
}

/** One person's way in: an invitation to hand over, or their access to end. */
export function PersonSheet({ sheet }: { sheet: PersonSheetScreen }) {
  switch (sheet.step.is) {
    case 'looking':
      return <Looking sheet={sheet} />
    case 'unbinding':
      return (
        <Sheet
          title={`解除${sheet.person.name}的绑定？`}
          onCancel={sheet.onKeep}
          actions={<Button label="解除绑定" kind="danger" busy={sheet.busy} onPress={sheet.onUnbind} />}
        >
          <Meta text="本人会在所有设备上退出，已发的邀请码作废，需要重新邀请后才能登录。登记不受影响。" />
          <Told sheet={sheet} />
        </Sheet>
      )
    case 'invited':
      return <Invited sheet={sheet} invitation={sheet.step.invitation} />
  }
}

const hints: Record<Joining['is'], string> = {
  nothing: '发邀请后，请把邀请码单独发给本人。',
  invited: '邀请码只在发出时显示一次。没有留下的话，请重新发邀请，之前的随即作废。',
  joined: '本人换了手机或不能登录时，请重新发邀请。',
}

function Looking({ sheet }: { sheet: PersonSheetScreen }) {
  const { person, busy } = sheet
  const { joining } = person
  const isFirst = joining.is === 'nothing'
  const isClaimedAgain = joining.is === 'joined' && joining.claimedAgainAt !== undefined
  return (
    <Sheet
      title={person.name}
      cancelLabel="关闭"
      onCancel={sheet.onClose}
      actions={
        <Button
          label={isFirst ? '发邀请' : '重新发邀请'}
          kind={isFirst ? 'main' : 'quiet'}
          busy={busy}
          onPress={sheet.onInvite}
        />
      }
    >
      <Row title={describe(person)} chip={joiningChip(joining)} />
      {isClaimedAgain ? (
        <Notice
          tone="wait"
          text="有人再次使用了这个邀请码。请问一下本人：换了手机的，重新发邀请即可；不是本人使用的，请先解除绑定，再重新发邀请"
        />
      ) : (
        <Meta text={hints[joining.is]} />
      )}
      <Told sheet={sheet} />
      {sheet.ways.map(({ label, onPress }) => (
        <Button key={label} label={label} kind="plain" onPress={onPress} />
      ))}
      {sheet.onAskUnbind !== undefined && (
        <Button label="解除绑定" kind="plain" onPress={sheet.onAskUnbind} />
      )}
    </Sheet>
  )
}

function Invited({ sheet, invitation }: { sheet: PersonSheetScreen; invitation: Invitation }) {
  return (
    <Sheet
      title={`给${invitation.name}的邀请`}
      cancelLabel="完成"
      onCancel={sheet.onClose}
      actions={<Button label="复制文字" kind="main" onPress={sheet.onCopy} />}
    >
      <Code text={invitation.code} />
      <Meta text={`${untilWords(invitation.expiresAt)}。只能使用一次，请单独发给本人。`} />
      {invitation.picture !== undefined && (
        <>
          <Picture label="邀请的图片，用微信扫一扫打开" source={invitation.picture} />
          <Button label="保存图片" onPress={sheet.onSavePicture} />
        </>
      )}
      <Meta text="点「完成」后不再显示，没有留下时可以重新发邀请。" />
      <Told sheet={sheet} />
    </Sheet>
  )
}

function Told({ sheet: { problem, said } }: { sheet: PersonSheetScreen }) {
  return (
    <>
      {problem !== undefined && <Notice tone="red" text={problem} />}
      {said !== undefined && <Notice tone="ok" text={said} />}
    </>
  )
}
