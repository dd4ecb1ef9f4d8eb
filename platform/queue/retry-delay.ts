import type { ErrorData } from '#core/errors'

/**
 * How long a failed attempt is kept before it is reported and the task told again, ms. A shared service that is away is
 * given time, 0.25 s doubling with each attempt up to 30 s; every other error is tried again at once. The lease is kept
 * meanwhile, so that nobody else tries either.
 */
export function retryDelay({ code, retryable }: ErrorData, attempt: number): number {
  const isShared = code.startsWith('OBJECT_STORE') || code.startsWith('DATABASE_')
  return retryable && isShared ? Math.min(250 * 2 ** (attempt - 1), 30_000) : 0
}
