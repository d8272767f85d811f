import type { CastMember } from '../../server/demo/cast'
import type { Phone } from './phone'

/** As a person trying the demo does it: Home, 登录, their name. */
export async function signIn(phone: Phone, person: CastMember): Promise<void> {
  await phone.open()
  await phone.tap('登录')
  await phone.sees('演示：选一位同志进入')
  const detail = [person.part, person.branchName].filter((words) => words !== '').join(' · ')
  await phone.tap(`${person.name} ${detail}`)
  await phone.sees('这是演示')
  await phone.seesNo('正在取您的资料…')
}
