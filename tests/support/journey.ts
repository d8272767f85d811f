import type { CastMember } from '../../server/demo/cast'
import { type DemoServer, demoServer } from './demo-server'
import { closeBrowser, type H5Phone, h5Phone } from './h5-phone'
import type { Phone } from './phone'
import { signIn } from './sign-in'
import { type WeappPhone, weappPhone } from './weapp/weapp-phone'

export interface Stage<P extends Phone> {
  readonly server: DemoServer
  /** A phone of this platform on which this person has signed in and sees Home. */
  phoneOf(person: CastMember): Promise<P>
  /** A new phone on which nobody has signed in. */
  newPhone(): Promise<P>
}

interface Phones {
  h5: H5Phone
  weapp: WeappPhone
}

const platforms: { [Platform in keyof Phones]: (url: string) => Promise<Phones[Platform]> } = {
  h5: (url) => h5Phone({ url }),
  weapp: (url) => weappPhone({ serverUrl: url }),
}

const patience = 90_000

/** What one person does and another sees, on both platforms. */
export function journey(name: string, run: (stage: Stage<Phone>) => Promise<void>): void {
  journeyOn('h5', name, run)
  journeyOn('weapp', name, run)
}

export function journeyOn<Platform extends keyof Phones>(
  platform: Platform,
  name: string,
  run: (stage: Stage<Phones[Platform]>) => Promise<void>,
): void {
  test(
    `${name} (${platform})`,
    async () => {
      const server = await demoServer()
      const phones: Phones[Platform][] = []
      const newPhone = async () => {
        const phone = await platforms[platform](server.url)
        phones.push(phone)
        return phone
      }
      try {
        await run({
          server,
          newPhone,
          async phoneOf(person) {
            const phone = await newPhone()
            await signIn(phone, person)
            return phone
          },
        })
      } finally {
        for (const phone of phones) await phone.close()
        await server.close()
      }
    },
    patience,
  )
}

/** On H5 the app itself must be on the phone before the signal goes; on weapp WeChat sees to it. */
export async function untilItOpensOffline(phone: Phone): Promise<void> {
  if ('page' in phone)
    await (phone as H5Phone).page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
}

afterAll(closeBrowser)
