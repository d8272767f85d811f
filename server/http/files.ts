import type { FastifyReply, FastifyRequest } from 'fastify'

const types: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

/** A file to be kept or opened under its own, perhaps Chinese, name. */
export const sendFile = (reply: FastifyReply, { name, bytes }: { name: string; bytes: Buffer }) =>
  reply
    .type(types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(bytes)

/** Reading and packing files is dear: so many a minute for one session. */
export const fewFiles = {
  rateLimit: {
    max: 20,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.session.sessionId,
  },
}
