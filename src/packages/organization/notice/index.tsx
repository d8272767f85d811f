import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import type { OrganizationId } from '#domain/ids'
import { NoticeView } from '#features/calendar/NoticeView'
import { useNotice } from '#features/calendar/useNotice'
import type { SignedIn } from '#workspace'
import { RequireOrganization, Screen } from '../../../screen'

const yearSchema = v.pipe(v.string(), v.regex(/^\d{4}$/), v.transform(Number))

export default function NoticePage() {
  const year = v.parse(yearSchema, useRouter().params.year)
  return (
    <Screen title="录入放假安排" note={`${year} 年`}>
      <RequireOrganization>
        {(signedIn, organizationId) => (
          <Notice signedIn={signedIn} organizationId={organizationId} year={year} />
        )}
      </RequireOrganization>
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
