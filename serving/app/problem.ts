import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from '@sinclair/typebox'
import { errorTable, type BullpenError } from '#core/errors'
import type { Problem } from '../api/schemas.ts'

/** An error as an RFC 9457 document: code, message and advice of the one table; no stack, no cause. */
export function problemOf(error: BullpenError, request: FastifyRequest): Static<typeof Problem> {
  const { code, message, advice } = error
  return {
    type: `urn:bullpen:${code}`,
    title: titleOf(code),
    status: errorTable[code].http,
    detail: message,
    instance: pathOf(request),
    code,
    advice,
    requestId: request.id,
  }
}

/** Answers with a problem document. */
export function sendProblem(error: BullpenError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request)
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="bullpen"')
  if (problem.status === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '1')
  void reply.header('cache-control', 'no-store')
  return reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** The path without its query, which may hold what must not be repeated. */
function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0]!.slice(0, 200)
}

/** `SERIES_NOT_SERVED` is `Series not served`. */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
