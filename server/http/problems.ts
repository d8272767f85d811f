import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import type { Problem, ProblemCode } from '#protocol/problem'
import { QueueFull } from '../rounds'
import { isTransient } from '../storage/database'
import {
  WechatMisconfigured,
  type WechatRefusal,
  WechatRefused,
  WechatUnavailable,
} from '../wechat/wechat-errors'

const statusOf: Record<ProblemCode, number> = {
  malformed: 400,
  'too-large': 413,
  'signed-out': 401,
  'wrong-actor': 403,
  'not-allowed': 403,
  'not-found': 404,
  'invitation-invalid': 403,
  'invitation-used': 403,
  'consent-needed': 403,
  'bound-to-another': 409,
  'wechat-code': 400,
  'wechat-blocked': 403,
  'wechat-unavailable': 503,
  'roster-changed': 409,
  'roster-unreadable': 422,
  'too-many-tries': 429,
  'too-many-requests': 429,
  overloaded: 503,
  'not-ready': 503,
  internal: 500,
}

const messageOf: Record<ProblemCode, string> = {
  malformed: '内容格式不对，没有保存。请更新后再试',
  'too-large': '内容太大，没有保存。请减小后再试',
  'signed-out': '登录已失效，请重新登录。手机上的记录都在',
  'wrong-actor': '这些记录属于另一位同志，请用本人的账号登录',
  'not-allowed': '您没有这项权限。如果应当有，请联系支部书记或机关党委管理员',
  'not-found': '没有找到，请返回后再试',
  'invitation-invalid': '邀请码不对或已过期，请核对后再试，或向支部书记索取新的邀请码',
  'invitation-used': '这个邀请码已经用过。如果是您本人换了手机，请支部书记重新发一个',
  'consent-needed': '请先阅读并同意隐私保护说明。如没有看到，请更新后再试',
  'bound-to-another': '这个微信已经绑定另一位同志。请用本人的微信，或请支部书记先解除原来的绑定',
  'wechat-code': '微信登录没有成功，请再试一次',
  'wechat-blocked': '微信认为这个账号有风险，不能用微信登录。请在微信里处理后再试',
  'wechat-unavailable': '微信暂时没有回应，请稍后再试，或用邀请码登录',
  'roster-changed': '预览之后名单有了变化，没有导入。请重新上传，核对后再确认',
  'roster-unreadable': '这个文件读不出来，请下载模板填写后再上传',
  'too-many-tries': '试的次数太多，请过 15 分钟再试',
  'too-many-requests': '请求太频繁，请稍后再试',
  overloaded: '服务器正忙，请稍后再试',
  'not-ready': '服务器还没有准备好，请稍后再试',
  internal: '服务器出错了，没有保存，请稍后再试',
}

/** Thrown by a handler to answer with one of the known problems. */
export class ProblemError extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly retryAfterMs?: number,
    /** More exact than the code's own words; nothing a person wrote. */
    readonly words?: string,
  ) {
    super(code)
  }
}

const problem = (
  code: ProblemCode,
  request: FastifyRequest,
  retryAfterMs?: number,
  words = messageOf[code],
): Problem => ({
  error: { code, message: words, traceId: request.id, retryAfterMs },
})

/** One shape for everything that is not an answer. */
export function answerProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => reply.code(404).send(problem('not-found', request)))
  app.setErrorHandler((error: FastifyError | ProblemError, request, reply) => {
    const [code, retryAfterMs] = codeOf(error)
    // The message of a database error can hold values; its code and the stack's place are enough.
    // Being busy and saying so is no failure, and there is no time for it then.
    const isBroken = code === 'internal' || (code === 'overloaded' && isTransient(error))
    if (isBroken || error instanceof WechatMisconfigured)
      request.log.error({ err: error, code }, 'request failed')
    else request.log.info({ code }, 'request turned away')
    if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000))
    return reply
      .code(statusOf[code])
      .send(problem(code, request, retryAfterMs, error instanceof ProblemError ? error.words : undefined))
  })
}

const codeOfWechat: Record<WechatRefusal, ProblemCode> = {
  'code-invalid': 'wechat-code',
  'too-frequent': 'too-many-requests',
  blocked: 'wechat-blocked',
}

function codeOf(error: FastifyError | ProblemError): [ProblemCode, number?] {
  if (error instanceof ProblemError) return [error.code, error.retryAfterMs]
  if (error instanceof WechatRefused) return [codeOfWechat[error.code]]
  if (error instanceof WechatUnavailable || error instanceof WechatMisconfigured)
    return ['wechat-unavailable']
  if (error.statusCode === 429) return ['too-many-requests', 10_000]
  if (error.statusCode === 413) return ['too-large']
  if (error.validation !== undefined || (error.statusCode ?? 500) < 500) return ['malformed']
  if (isTransient(error) || error instanceof QueueFull)
    return ['overloaded', 1_000 + Math.floor(Math.random() * 4_000)]
  return ['internal']
}
