import type { OrganizationId } from '#domain/ids'
import { HolidaysView } from '#features/calendar/HolidaysView'
import { useHolidays } from '#features/calendar/useHolidays'
import type { SignedIn } from '#workspace'
import { goTo, RequireOrganization, Screen } from '../../../screen'

export default function HolidaysPage() {
  return (
    <Screen title="放假安排">
      <RequireOrganization>
        {(signedIn, organizationId) => <Holidays signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Holidays({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  const openYear = (year: number) => goTo(`/packages/organization/notice/index?year=${year}`)()
  return <HolidaysView screen={useHolidays(signedIn, organizationId, openYear)} />
}
