import type { FastifyInstance, FastifyRequest } from 'fastify'
import type * as v from 'valibot'
import { problemSchema } from '#protocol/problem'
import { demoPeopleSchema, demoSignInSchema, sessionSchema } from '#protocol/sessions'
import { type CastMember, cast } from '../demo/cast'
import type { Sessions } from '../sessions'
import { ProblemError } from './problems'

/** A page elsewhere must not come in by making its own name lead to this machine. */
function requireLoopbackHost(request: FastifyRequest): void {
  const { hostname } = new URL(`http://${request.headers.host ?? 'nowhere.invalid'}`)
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) throw new ProblemError('not-found')
}

/** Signing in by picking a person of the demo association. Registered only in demo mode: a server
 *  in earnest knows none of these paths. */
export function demoRoutes(
  app: FastifyInstance,
  { sessions, checksHost }: { sessions: Sessions; checksHost: boolean },
) {
  if (checksHost) app.addHook('onRequest', (request, _reply, done) => done(hostError(request)))

  app.get(
    '/v1/demo/people',
    {
      schema: {
        summary: 'People to try the demo as',
        response: { 200: demoPeopleSchema, '4xx': problemSchema },
      },
    },
    () => ({
      people: cast.map(({ personId, name, part, branchName }) => ({
        personId,
        name,
        part,
        branch: branchName,
      })),
    }),
  )
  app.post<{ Body: v.InferOutput<typeof demoSignInSchema> }>(
    '/v1/sessions/demo',
    {
      schema: {
        summary: 'Signs in as a person of the demo association',
        body: demoSignInSchema,
        response: { 200: sessionSchema, '4xx': problemSchema },
      },
    },
    async (request) => {
      const isCast = cast.some((person) => person.personId === request.body.personId)
      const session = isCast ? await sessions.begin(request.body.personId) : undefined
      if (session === undefined) throw new ProblemError('not-found')
      return session
    },
  )
  app.get<{ Params: { person: string } }>('/demo/:person', { schema: { hide: true } }, (request, reply) => {
    const person = cast.find((each) => each.personId === request.params.person)
    if (person === undefined) throw new ProblemError('not-found')
    return reply.type('text/html; charset=utf-8').send(framePage(person))
  })
}

function hostError(request: FastifyRequest): Error | undefined {
  try {
    requireLoopbackHost(request)
    return undefined
  } catch (error) {
    return error instanceof ProblemError ? error : new ProblemError('not-found')
  }
}

/** A phone-wide frame on a wide screen; on a phone itself it fills the screen. */
const framePage = ({ personId, name, part, largeType }: CastMember) => `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}（${part}）· 演示</title>
<style>
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:12px;background:#d9d5cf;color:#1d1b19;font-family:-apple-system,"PingFang SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
p{margin:0;font-size:14px}iframe{width:375px;height:812px;max-width:100vw;max-height:calc(100vh - 48px);border:0;border-radius:28px;background:#f6f4f0}
</style></head><body><p>演示：${name}，${part}</p><iframe src="/?as=${personId}${largeType ? '&large=1' : ''}" title="${name}的手机"></iframe></body></html>`
