import { createHash } from 'node:crypto'
import { toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { commands, wireName } from '#domain/commands'
import { recordSchemas } from '#domain/records'
import { accountSchema, clientErrorSchema, giveConsentSchema } from '#protocol/account'
import { branchPeopleSchema, invitationSchema, keepersSchema, personOnlySchema } from '#protocol/people'
import { problemSchema } from '#protocol/problem'
import { confirmRosterSchema, rosterDoneSchema, rosterPreviewSchema } from '#protocol/roster'
import {
  invitationSignInSchema,
  refreshSchema,
  sessionSchema,
  wechatSignInAnswerSchema,
  wechatSignInSchema,
} from '#protocol/sessions'
import { syncAnswerSchema, syncRequestSchema } from '#protocol/sync'
import { watchAnswerSchema, watchRequestSchema } from '#protocol/watch'
import { welcomeSchema } from '#protocol/welcome'
import { packedAnswerSchema, packedRequestSchema } from '#protocol/wire-schemas'

const formOf = (schema: v.GenericSchema) => toJsonSchema(schema, { errorMode: 'ignore' })
const formsOf = (schemas: Readonly<Record<string, v.GenericSchema>>) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, formOf(schema)]))

const messages = {
  1: { request: syncRequestSchema, answer: syncAnswerSchema },
  2: { request: packedRequestSchema, answer: packedAnswerSchema },
} as const

/** Everything that travels between phones and server in a version of the wire, as JSON schema. */
export const wireForm = (version: keyof typeof messages) => ({
  request: formOf(messages[version].request),
  answer: formOf(messages[version].answer),
  records: formsOf(recordSchemas),
  commands: Object.fromEntries(
    Object.entries(commands).map(([name, { args }]) => [
      wireName(name as keyof typeof commands),
      formOf(args),
    ]), // its keys
  ),
  others: formsOf({
    problemSchema,
    sessionSchema,
    invitationSignInSchema,
    wechatSignInSchema,
    wechatSignInAnswerSchema,
    refreshSchema,
    welcomeSchema,
    accountSchema,
    giveConsentSchema,
    clientErrorSchema,
    branchPeopleSchema,
    keepersSchema,
    personOnlySchema,
    invitationSchema,
    confirmRosterSchema,
    rosterPreviewSchema,
    rosterDoneSchema,
    watchRequestSchema,
    watchAnswerSchema,
  }),
})

/** The same for the same form, whatever order its fields were written in. */
export function hashOf(form: unknown): string {
  const sorted = JSON.stringify(form, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16)
}
