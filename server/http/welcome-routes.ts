import type { FastifyInstance } from 'fastify'
import { dayOf, weekNumber, weekOf } from '#domain/day'
import { organizationScope } from '#domain/scopes'
import { heldOn, movedText } from '#domain/week-rule'
import { problemSchema } from '#protocol/problem'
import { type Welcome, welcomeSchema } from '#protocol/welcome'
import { calendarOf } from '../jobs/plan-weeks'
import { organizationOf } from '../organization-of'
import type { AboutSlots } from '../settings'
import type { Database } from '../storage/database'
import { readRecords } from '../storage/rows'

interface WelcomeOptions {
  readonly database: Database
  readonly isDemo: boolean
  readonly about: AboutSlots | undefined
  readonly hasWechat: boolean
  readonly now: () => number
}

/** What anybody may see: no names of people, no branch. */
export async function welcome({
  database,
  isDemo,
  about,
  hasWechat,
  now: clock,
}: WelcomeOptions): Promise<Welcome> {
  const now = clock()
  const always = { isDemo, hasWechat, ...(about === undefined ? {} : { about }) }
  const id = await organizationOf(database)
  if (id === undefined) return always
  const scope = organizationScope(id)
  const week = weekOf(dayOf(now))
  const records = await readRecords(database.pool, [
    { scope, type: 'organization', key: 'organization' },
    { scope, type: 'week-topic', key: week },
    { scope, type: 'notice', prefix: '' },
  ])
  const organization = records.get(scope, 'organization', 'organization')
  if (organization === undefined) return always
  const held = heldOn(week, organization.weekRule, calendarOf(records.list(scope, 'notice', '')))
  return {
    ...always,
    organization: { name: organization.name },
    week: {
      number: weekNumber(week),
      topic: records.get(scope, 'week-topic', week)?.topic ?? '',
      heldOn: held.state === 'held' ? held.day : undefined,
      moved: movedText(held),
    },
  }
}

export function welcomeRoutes(app: FastifyInstance, options: WelcomeOptions) {
  app.get(
    '/v1/welcome',
    {
      schema: {
        summary: 'What anybody may see before signing in',
        response: { 200: welcomeSchema, '5xx': problemSchema },
      },
    },
    () => welcome(options),
  )
}
