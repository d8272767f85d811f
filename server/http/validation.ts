import { toJsonSchema } from '@valibot/to-json-schema'
import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'

/** Bodies and answers are described once, as valibot schemas; Fastify parses and writes with them,
 *  and the OpenAPI document is made from them. */
export function validateWithValibot(app: FastifyInstance): void {
  app.setValidatorCompiler<v.GenericSchema>(({ schema }) => (data) => {
    const parsed = v.safeParse(schema, data)
    if (parsed.success) return { value: parsed.output }
    return { error: new Error(`${placeOf(parsed.issues) ?? 'body'} is not as expected`) }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}

/** Names the place, never the content. Of the forms a union allows, the place is that of the one which
 *  could be read furthest. */
function placeOf(issues: readonly v.BaseIssue<unknown>[]): string | undefined {
  const all = issues.flatMap((issue) => [issue, ...(issue.issues ?? [])])
  const furthest = all.reduce((a, b) => ((b.path?.length ?? 0) > (a.path?.length ?? 0) ? b : a))
  return v.getDotPath(furthest) ?? undefined
}

/** For @fastify/swagger: every valibot schema of a route as JSON schema. */
export function asJsonSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const convert = (part: unknown) =>
    toJsonSchema(part as v.GenericSchema, { errorMode: 'ignore', target: 'draft-2020-12' }) // by our own convention
  const out: Record<string, unknown> = { ...schema }
  for (const part of ['body', 'querystring', 'params']) {
    if (schema[part] !== undefined) out[part] = withoutMeta(convert(schema[part]))
  }
  if (schema.response !== undefined) {
    out.response = Object.fromEntries(
      Object.entries(schema.response as Record<string, unknown>).map(([status, part]) => [
        status,
        { description: status, ...withoutMeta(convert(part)) },
      ]),
    )
  }
  return out
}

const withoutMeta = ({ $schema: _, ...schema }: object & { $schema?: unknown }) => schema
