import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { hasRole } from '#domain/authority'
import { branchIdSchema } from '#domain/ids'
import { problemSchema } from '#protocol/problem'
import { confirmRosterSchema, rosterDoneSchema, rosterPreviewSchema } from '#protocol/roster'
import { loadAuthority } from '../authority'
import { confirmRoster, type Uploader, uploadRoster } from '../roster/import'
import { readSheet } from '../roster/read-sheet'
import { rosterTemplate } from '../roster/template'
import { limits } from '../roster/unreadable'
import type { Database } from '../storage/database'
import { fewFiles, sendFile } from './files'
import { ProblemError } from './problems'

const answers = { '4xx': problemSchema, '5xx': problemSchema }
/** For a secretary their branch; without it the whole organisation, for the admin. */
const querySchema = v.object({ branch: v.optional(branchIdSchema) })
type Query = { Querystring: v.InferOutput<typeof querySchema> }

/** 花名册: read, shown, and written only when it is confirmed. */
export async function rosterRoutes(
  app: FastifyInstance,
  { database, now }: { database: Database; now: () => number },
): Promise<void> {
  await app.register(multipart, {
    limits: { files: 1, fields: 4, fileSize: limits.bytes },
    throwFileSizeLimit: false,
  })

  const uploaderOf = async (request: FastifyRequest<Query>): Promise<Uploader> => {
    const authority = await loadAuthority(database.pool, request.session.personId, now())
    if (authority === undefined) throw new ProblemError('not-allowed')
    const { personId, organizationId } = authority
    const { branch: branchId } = request.query
    const isTheirs =
      branchId === undefined
        ? hasRole(authority, ['admin'], { kind: 'organization', organizationId })
        : hasRole(authority, ['secretary'], { kind: 'branch', branchId })
    if (!isTheirs) throw new ProblemError('not-allowed')
    const by = branchId === undefined ? ({ is: 'admin' } as const) : ({ is: 'secretary', branchId } as const)
    return { personId, organizationId, by }
  }

  app.get(
    '/v1/rosters/template',
    {
      schema: {
        summary: 'An empty roster to fill in, as xlsx',
        security: [{ session: [] }],
        response: answers,
      },
    },
    async (_request, reply) => sendFile(reply, { name: '花名册模板.xlsx', bytes: await rosterTemplate() }),
  )
  app.post<Query>(
    '/v1/rosters',
    {
      bodyLimit: limits.bytes + 16 * 1024,
      config: fewFiles,
      schema: {
        summary: 'Reads a roster file (multipart) and says what it would change; nothing is written',
        consumes: ['multipart/form-data'],
        security: [{ session: [] }],
        querystring: querySchema,
        response: { 200: rosterPreviewSchema, ...answers },
      },
    },
    async (request) => {
      const uploader = await uploaderOf(request)
      const file = await request.file()
      if (file === undefined) throw new ProblemError('malformed')
      const bytes = await file.toBuffer()
      if (file.file.truncated) throw new ProblemError('too-large')
      const sheet = await readSheet(bytes)
      if (sheet.is === 'unreadable') throw new ProblemError('roster-unreadable', undefined, sheet.message)
      return uploadRoster(database, uploader, sheet, now())
    },
  )
  app.post<Query & { Body: v.InferOutput<typeof confirmRosterSchema> }>(
    '/v1/rosters/confirm',
    {
      schema: {
        summary: 'Writes what a roster’s preview said',
        security: [{ session: [] }],
        querystring: querySchema,
        body: confirmRosterSchema,
        response: { 200: rosterDoneSchema, ...answers },
      },
    },
    async (request) => {
      const done = await confirmRoster(database, await uploaderOf(request), request.body.id, now())
      if (done === 'unknown')
        throw new ProblemError('not-found', undefined, '这次预览已经确认过或已过期，请重新上传核对')
      if (done === 'changed') throw new ProblemError('roster-changed')
      return done
    },
  )
}
