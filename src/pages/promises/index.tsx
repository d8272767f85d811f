import { PromisesView } from '#features/public/PromisesView'
import { Screen } from '../../screen'

export default function PromisesPage() {
  return (
    <Screen title="减负自检">
      <PromisesView />
    </Screen>
  )
}
