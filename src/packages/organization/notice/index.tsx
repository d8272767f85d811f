import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import type { OrganizationId } from '#domain/ids'
import { NoticeView } from '#features/calendar/NoticeView'
import { useNotice } from '#features/calendar/useNotice'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

const yearSchema = v.pipe(v.string(), v.regex(/^\d{4}$/), v.transform(Number))

export default function NoticePage() {
  const year = v.parse(yearSchema, useRouter().params.year)
  return (
    <Screen title="录入放假安排" note={`${year} 年`}>
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? (
            <Loading />
          ) : (
            <Notice signedIn={signedIn} organizationId={id} year={year} />
          )
        }}
      </RequireSignIn>
    </Screen>
  )
}

interface NoticeProps {
  readonly signedIn: SignedIn
  readonly organizationId: OrganizationId
  readonly year: number
}

function Notice({ signedIn, organizationId, year }: NoticeProps) {
  return <NoticeView screen={useNotice(signedIn, organizationId, year)} />
}
