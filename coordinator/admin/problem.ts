import type { FastifyReply } from 'fastify'
import { errorTable, type BullpenError } from '#core/errors'

/** Answers with an error as an RFC 9457 problem document: its code from the one table, no stack, no cause. */
export function sendProblem(reply: FastifyReply, error: BullpenError): FastifyReply {
  const { code, message, advice, details } = error
  const status = errorTable[code].http
  if (status === 401) {
    void reply.header('www-authenticate', ['Basic realm="bullpen", charset="UTF-8"', 'Bearer realm="bullpen"'])
  }
  const problem = { type: `urn:bullpen:${code}`, title: message, status, code, advice, details }
  return reply.status(status).type('application/problem+json').send(JSON.stringify(problem))
}
