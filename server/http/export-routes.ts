import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { type ExportAsked, exportAskedSchema, exportSchema } from '#protocol/export'
import { problemSchema } from '#protocol/problem'
import type { Exports } from '../exports/exports'
import { fewFiles, sendFile } from './files'
import { ProblemError } from './problems'

const answers = { '4xx': problemSchema, '5xx': problemSchema }
const paramsSchema = v.object({ id: v.pipe(v.string(), v.uuid()) })
type Params = { Params: v.InferOutput<typeof paramsSchema> }

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
      return sendFile(reply, { name: file.fileName, bytes: file.bytes })
    },
  )
}

const gone = '这个文件还没有做好，或已过期，请重新导出'
