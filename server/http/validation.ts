import { toJsonSchema } from '@valibot/to-json-schema'
import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'

/** Bodies and answers are described once, as valibot schemas; Fastify parses and writes with them,
 *  and the OpenAPI document is made from them. */
export function validateWithValibot(app: FastifyInstance): void {
  app.setValidatorCompiler<v.GenericSchema>(({ schema }) => (data) => {
    const parsed = v.safeParse(schema, data)
    if (parsed.success) return { value: parsed.output }
    // Names the place, never the content.
    return { error: new Error(`${v.getDotPath(parsed.issues[0]) ?? 'body'} is not as expected`) }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}

/** For @fastify/swagger: every valibot schema of a route as JSON schema. */
export function asJsonSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const asOnTheWire = { errorMode: 'ignore', target: 'draft-2020-12', typeMode: 'input' } as const
  const convert = (part: unknown) => toJsonSchema(part as v.GenericSchema, asOnTheWire) // by our own convention
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
