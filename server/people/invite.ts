import QRCode from 'qrcode'
import type { Authority } from '#domain/authority'
import type { PersonId } from '#domain/ids'
import { memberScope, organizationScope } from '#domain/scopes'
import { type Invitation, sceneOf } from '#protocol/people'
import { audit } from '../audit'
import { forgetInvitations, inviteIn } from '../invitations'
import { endSessions } from '../sessions'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords } from '../storage/rows'
import { unbindAccount } from '../wechat/wechat-accounts'
import type { WechatApi } from '../wechat/wechat-api'

/** Where an invitation leads. */
export interface InvitationPaths {
  readonly publicUrl: string | undefined
  readonly wechat: Pick<WechatApi, 'miniProgramCode'> | undefined
}

const signInPage = 'pages/sign-in/index'

/** A new invitation for somebody the keeper looks after. */
export async function issueInvitation(
  database: Database,
  { keeper, person }: { keeper: Authority; person: PersonId },
  paths: InvitationPaths,
  now: number,
): Promise<Invitation> {
  const scope = organizationScope(keeper.organizationId)
  const issued = await inTransaction(database, async (client) => {
    await lockScopes(client, [scope])
    const records = await readRecords(client, [
      { scope: memberScope(person), type: 'profile', key: 'profile' },
    ])
    const name = records.get(memberScope(person), 'profile', 'profile')?.name ?? ''
    const { code, expiresAt } = await inviteIn(client, person, now, keeper.personId)
    await audit(client, scope, { at: now, by: keeper.personId, act: 'invite', about: person }, [])
    return { personId: person, name, code, expiresAt }
  })
  return { ...issued, ...(await pathsTo(issued.code, paths)) }
}

/** How to come in without typing: a link, and a picture of it or a mini-program code. Without
 *  either, the code is read out or sent as text. */
async function pathsTo(
  code: string,
  { publicUrl, wechat }: InvitationPaths,
): Promise<Pick<Invitation, 'link' | 'picture'>> {
  const link = publicUrl === undefined ? undefined : `${publicUrl}/#/${signInPage}?scene=${sceneOf(code)}`
  const picture = (await miniProgramCode(code, wechat)) ?? (link && (await QRCode.toDataURL(link)))
  return { ...(link === undefined ? {} : { link }), ...(picture === undefined ? {} : { picture }) }
}

async function miniProgramCode(code: string, wechat: InvitationPaths['wechat']): Promise<string | undefined> {
  if (wechat === undefined) return undefined
  try {
    const { contentType, bytes } = await wechat.miniProgramCode({ scene: sceneOf(code), page: signInPage })
    return `data:${contentType};base64,${bytes.toString('base64')}`
  } catch {
    return undefined // the code itself is good all the same, and can be sent as text
  }
}

/** Takes a person's access away, until they are invited anew: their WeChat account is unbound, they
 *  are signed out everywhere. What they recorded stays. */
export async function unbind(
  database: Database,
  { keeper, person }: { keeper: Authority; person: PersonId },
  now: number,
): Promise<void> {
  const scope = organizationScope(keeper.organizationId)
  await inTransaction(database, async (client) => {
    await lockScopes(client, [scope])
    await unbindAccount(client, person)
    await forgetInvitations(client, person)
    await endSessions(client, person, now)
    await audit(client, scope, { at: now, by: keeper.personId, act: 'unbind', about: person }, [])
  })
}
