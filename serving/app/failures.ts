import type { FastifyError, FastifyRequest } from 'fastify'
import { BullpenError, type ErrorDetails } from '#core/errors'
import { limits } from './limits.ts'

/** Refusals of Fastify and Node as codes of the table. */
export function bullpenErrorOf(thrown: unknown, request: FastifyRequest): BullpenError {
  if (thrown instanceof BullpenError) return thrown
  const { statusCode = 500, code = '', message = '' } = thrown as Partial<FastifyError>
  const known = refusalOf(code, request)
  if (known !== undefined) return known
  if (statusCode >= 400 && statusCode < 500) return new BullpenError('REQUEST_INVALID', { reason: message })
  return new BullpenError('INTERNAL', { reason: `see request ${request.id} in the log` }, { cause: thrown })
}

function refusalOf(code: string, request: FastifyRequest): BullpenError | undefined {
  const refuse = (...[name, details]: [ConstructorParameters<typeof BullpenError>[0], ErrorDetails]) =>
    new BullpenError(name, details)
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('BODY_TOO_LARGE', { limit: request.routeOptions.bodyLimit ?? limits.bodyBytes })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('MEDIA_TYPE_UNSUPPORTED', { type: request.headers['content-type']?.slice(0, 80) ?? 'unknown' })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return refuse('REQUEST_INVALID', { reason: 'the body is empty, JSON is expected' })
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refuse('REQUEST_INVALID', { reason: 'the body is not JSON of the length it names' })
    case 'FST_ERR_BAD_URL':
      return refuse('REQUEST_INVALID', { reason: 'the path is not percent-encoded UTF-8' })
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refuse('HEADERS_TOO_LARGE', {})
    case 'FST_ERR_HANDLER_TIMEOUT':
      return refuse('SERVICE_SLOW', { seconds: limits.handlerMs / 1000 })
    default:
      return undefined
  }
}
