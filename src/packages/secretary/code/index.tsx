import { useDidHide, useDidShow, useRouter } from '@tarojs/taro'
import { useEffect } from 'react'
import * as v from 'valibot'
import { weekSchema } from '#domain/day'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { CodeView } from '#features/code/CodeView'
import { useCode } from '#features/code/useCode'
import { keepScreenOn } from '#platform/keep-screen-on'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function CodePage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const week = v.parse(weekSchema, params.week)
  // WeChat forgets it when the app goes to the back.
  useDidShow(() => keepScreenOn(true))
  useDidHide(() => keepScreenOn(false))
  useEffect(() => () => keepScreenOn(false), [])
  return (
    <Screen title="现场码">
      <RequireSignIn>
        {(signedIn) => <Code signedIn={signedIn} branchId={branchId} week={week} />}
      </RequireSignIn>
    </Screen>
  )
}

function Code({ signedIn, branchId, week }: { signedIn: SignedIn; branchId: BranchId; week: string }) {
  return <CodeView screen={useCode(signedIn, branchId, week)} />
}
