import type { FastifyInstance } from 'fastify'
import { dayOf, weekNumber, weekOf } from '#domain/day'
import { organizationScope } from '#domain/scopes'
import { heldOn, movedText } from '#domain/week-rule'
import { problemSchema } from '#protocol/problem'
import { type Welcome, welcomeSchema } from '#protocol/welcome'
import { calendarOf } from '../jobs/plan-weeks'
import { organizationOf } from '../organization-of'
import type { Database } from '../storage/database'
import { readRecords } from '../storage/rows'

/** What anybody may see: no names of people, no branch. */
export async function welcome(database: Database, isDemo: boolean, now: number): Promise<Welcome> {
  const id = await organizationOf(database)
  if (id === undefined) return { isDemo }
  const scope = organizationScope(id)
  const week = weekOf(dayOf(now))
  const records = await readRecords(database.pool, [
    { scope, type: 'organization', key: 'organization' },
    { scope, type: 'week-topic', key: week },
    { scope, type: 'notice', prefix: '' },
  ])
  const organization = records.get(scope, 'organization', 'organization')
  if (organization === undefined) return { isDemo }
  const held = heldOn(week, organization.weekRule, calendarOf(records.list(scope, 'notice', '')))
  return {
    organization: { name: organization.name },
    isDemo,
    week: {
      number: weekNumber(week),
      topic: records.get(scope, 'week-topic', week)?.topic ?? '',
      heldOn: held.state === 'held' ? held.day : undefined,
      moved: movedText(held),
    },
  }
}

export function welcomeRoutes(
  app: FastifyInstance,
  { database, isDemo, now }: { database: Database; isDemo: boolean; now: () => number },
) {
  app.get(
    '/v1/welcome',
    {
      schema: {
        summary: 'What anybody may see before signing in',
        response: { 200: welcomeSchema, '5xx': problemSchema },
      },
    },
    () => welcome(database, isDemo, now()),
  )
}
