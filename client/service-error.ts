import type { components } from './openapi.ts'

/** A problem document (RFC 9457) as the service sends it. */
export type Problem = components['schemas']['Problem']

/** What the service refused, or why it could not be asked: the code of its one table, and what to do about it. */
export class ServiceError extends Error {
  /** One of docs/errors.md. */
  readonly code: string
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly advice: string
  /** Names the request in the log of the service; empty when there was no answer. */
  readonly requestId: string

  constructor(
    { code, status, detail, advice, requestId }: Omit<Problem, 'type' | 'title' | 'instance'>,
    cause?: unknown,
  ) {
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'ServiceError'
    this.code = code
    this.status = status
    this.advice = advice
    this.requestId = requestId
  }

  /** Whether the same request may succeed later: the service was away, or had too much to do. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 502
  }
}

/** The error of an answer that was not what was asked for. */
export function errorOf(body: unknown, status: number, url: string): ServiceError {
  if (isProblem(body)) return new ServiceError(body)
  return new ServiceError({
    code: 'SERVICE_ANSWER_INVALID',
    status,
    detail: `${url} answered ${status} with what is no problem document`,
    advice: 'Check that the address is that of a bullpen service of the same version.',
    requestId: '',
  })
}

/** The error of no answer at all. */
export function unreachable(url: string, cause: unknown): ServiceError {
  const reason = cause instanceof Error ? causeOf(cause) : String(cause)
  return new ServiceError(
    {
      code: 'SERVICE_UNREACHABLE',
      status: 0,
      detail: `the service at ${url} cannot be reached: ${reason}`,
      advice: 'Check the address, and that bullpen serve runs there.',
      requestId: '',
    },
    cause,
  )
}

/** fetch says only that it failed; the reason is its cause. */
function causeOf(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}

function isProblem(body: unknown): body is Problem {
  const { code, detail, status } = (body ?? {}) as Partial<Problem>
  return typeof code === 'string' && typeof detail === 'string' && typeof status === 'number'
}
