import Taro from '@tarojs/taro'
import { type ReactNode, useRef } from 'react'
import type { OrganizationId, PersonId } from '#domain/ids'
import { Empty } from '#ui/Empty'
import { FaultBarrier } from '#ui/FaultBarrier'
import { Loading } from '#ui/Loading'
import { Notice } from '#ui/Notice'
import { Page } from '#ui/Page'
import { type SignedIn, useSignedIn, useWorkspace, useWorkspaceState } from '#workspace'
import { PrivacySheet } from './privacy-sheet'

interface ScreenProps {
  title: string
  note?: string | undefined
  /** A page of the tab bar has nowhere to go back to. */
  isTab?: boolean
  wide?: boolean
  dock?: ReactNode
  children: ReactNode
}

/** The frame of every page: its title, the type size, the way back, a newer version if there is one,
 *  and what WeChat wants agreed to. */
export function Screen({ title, note, isTab = false, wide = false, dock, children }: ScreenProps) {
  const workspace = useWorkspace()
  const { isLargeType, applyUpdate, phase } = useWorkspaceState()
  return (
    <Page
      title={title}
      large={isLargeType}
      wide={wide}
      {...(note === undefined ? {} : { note })}
      {...(isTab ? {} : { onBack: goBack })}
      {...(dock === undefined ? {} : { dock })}
    >
      {applyUpdate !== undefined && (
        <Notice tone="neutral" text="有新版本" action={{ label: '更新', onPress: applyUpdate }} />
      )}
      {phase.is === 'elsewhere' && (
        <Notice tone="wait" text="已在另一个窗口打开。请在那里继续，或关闭那个窗口，这里会自动打开" />
      )}
      {phase.is === 'storage-trouble' ? (
        <Notice
          tone="red"
          text="手机存储暂时读不出来，为免丢失记录，先不打开。请关闭后重新打开；若仍不行，请重启手机"
        />
      ) : (
        phase.is !== 'elsewhere' && <FaultBarrier onFault={workspace.reportFault}>{children}</FaultBarrier>
      )}
      {process.env.TARO_ENV !== 'h5' && <PrivacySheet />}
    </Page>
  )
}

export function goBack(): void {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack()
  else void Taro.switchTab({ url: '/pages/home/index' })
}

export const goTo = (url: string) => () => void Taro.navigateTo({ url })
export const goToTab = (url: string) => () => void Taro.switchTab({ url })

/** What a page shows to somebody who is not signed in: a way to do so, no jump elsewhere; and until the
 *  first copy is whole, that it is coming. With a title it draws the frame too, for pages whose own
 *  frame depends on the records. */
export function RequireSignIn({
  title,
  evenHalf = false,
  toGuests = '请先登录',
  children,
}: {
  title?: string
  /** For what needs no records of others: shown from the beginning. */
  evenHalf?: boolean
  toGuests?: string
  children: (signedIn: SignedIn) => ReactNode
}) {
  const { phase } = useWorkspaceState()
  const signedIn = useSignedIn()
  // Once it was shown to somebody it stays, with what they typed, also while a copy is fetched anew.
  const shownTo = useRef<PersonId>()
  const personId = signedIn?.replica.personId
  if (evenHalf || signedIn?.replica.isFilled) shownTo.current = personId
  if (signedIn !== undefined && shownTo.current === personId) return <>{children(signedIn)}</>
  const instead =
    phase.is === 'guest' ? (
      <Empty title={toGuests} action={{ label: '登录', onPress: goTo('/pages/sign-in/index') }} />
    ) : (
      <FirstCopy connection={signedIn?.connection} />
    )
  return title === undefined ? instead : <Screen title={title}>{instead}</Screen>
}

/** The same for what belongs to the organisation of whoever is signed in. */
export function RequireOrganization({
  toGuests,
  children,
}: {
  toGuests?: string
  children: (signedIn: SignedIn, organizationId: OrganizationId) => ReactNode
}) {
  return (
    <RequireSignIn {...(toGuests === undefined ? {} : { toGuests })}>
      {(signedIn) => {
        const id = signedIn.replica.authority()?.organizationId
        return id === undefined ? <Loading /> : children(signedIn, id)
      }}
    </RequireSignIn>
  )
}

/** While the first copy of a person's records is on its way. */
export const FirstCopy = ({ connection }: { connection: SignedIn['connection'] | undefined }) => (
  <Loading label={connection === 'offline' ? '第一次使用需要联网…' : '正在取您的资料…'} />
)
