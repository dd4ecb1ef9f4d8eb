/** What went wrong with a request, in the service's own words where it answered. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  /** Code of the service's table, `UNREACHABLE` when it did not answer. */
  readonly code: string
  /** HTTP status, 0 when it did not answer. */
  readonly status: number
  /** What to do about it; empty when unknown. */
  readonly advice: string

  constructor(code: string, message: string, status: number, advice: string) {
    super(message)
    this.code = code
    this.status = status
    this.advice = advice
  }

  static unreachable(reason: string): ServiceError {
    return new ServiceError('UNREACHABLE', 'The service does not answer.', 0, `It may be restarting (${reason}).`)
  }

  /** Reads a problem document (RFC 9457); a body that is none is answered by its status alone. */
  static of(status: number, body: unknown): ServiceError {
    const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
    const text = (name: string): string => (typeof problem[name] === 'string' ? problem[name] : '')
    return new ServiceError(
      text('code') || `HTTP_${status}`,
      text('detail') || text('title') || `The service answered ${status}.`,
      status,
      text('advice'),
    )
  }
}
