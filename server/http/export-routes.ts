import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { type ExportAsked, exportAskedSchema, exportSchema } from '#protocol/export'
import { problemSchema } from '#protocol/problem'
import type { Exports } from '../exports/exports'
import { ProblemError } from './problems'

const answers = { '4xx': problemSchema, '5xx': problemSchema }
const paramsSchema = v.object({ id: v.pipe(v.string(), v.uuid()) })
type Params = { Params: v.InferOutput<typeof paramsSchema> }

const types: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

const fewFiles = {
  rateLimit: {
    max: 20,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.session.sessionId,
  },
}

/** 导出: asked for, made meanwhile, then fetched by who asked. */
export function exportRoutes(app: FastifyInstance, { exports }: { exports: Exports }): void {
  app.post<{ Body: ExportAsked }>(
    '/v1/exports',
    {
      config: fewFiles,
      schema: {
        summary: 'Asks for a file made of the records; it is made meanwhile',
        security: [{ session: [] }],
        body: exportAskedSchema,
        response: { 202: exportSchema, ...answers },
      },
    },
    async (request, reply) => {
      const made = await exports.ask(request.session.personId, request.body)
      if (made === undefined) throw new ProblemError('not-allowed')
      return reply.code(202).send(made)
    },
  )
  app.get<Params>(
    '/v1/exports/:id',
    {
      schema: {
        summary: 'How far a file is that one asked for',
        security: [{ session: [] }],
        params: paramsSchema,
        response: { 200: exportSchema, ...answers },
      },
    },
    async (request) => {
      const found = await exports.look(request.session.personId, request.params.id)
      if (found === undefined) throw new ProblemError('not-found', undefined, gone)
      return found
    },
  )
  app.get<Params>(
    '/v1/exports/:id/file',
    {
      schema: {
        summary: 'The file, once it is made',
        security: [{ session: [] }],
        params: paramsSchema,
        response: answers,
      },
    },
    async (request, reply) => {
      const file = await exports.file(request.session.personId, request.params.id)
      if (file === undefined) throw new ProblemError('not-found', undefined, gone)
      return reply
        .type(types[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`)
        .send(file.bytes)
    },
  )
}

const gone = '这个文件还没有做好，或已过期，请重新导出'
