import { errorTable, type ErrorCode } from './table.ts'

/** Values that fill the `{placeholders}` of a code's message, and travel with the error for machines to read. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>

/**
 * An error as data. Threads and queues carry this shape, never an Error: a subclass posted from a worker thread
 * arrives as a plain Error without its code (checked on Node 20).
 */
export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable: boolean
  readonly details: ErrorDetails
}

/** The one error class of bullpen. Its message is the table's template with `details` filled in. */
export class BullpenError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(fill(errorTable[code].message, details), options)
    this.name = 'BullpenError'
    this.code = code
    this.details = details
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable
  }

  /** What the user should do about it. */
  get advice(): string {
    return fill(errorTable[this.code].advice, this.details)
  }
}

/** Turns anything thrown into data; what is not a BullpenError becomes INTERNAL. */
export function toErrorData(thrown: unknown): ErrorData {
  const error = asBullpenError(thrown)
  return { code: error.code, message: error.message, retryable: error.retryable, details: error.details }
}

/** The reverse of {@link toErrorData}; the stack is that of the caller. */
export function fromErrorData(data: ErrorData): BullpenError {
  return new BullpenError(data.code, data.details)
}

/** The error itself when it is ours, otherwise an INTERNAL that keeps it as cause. */
export function asBullpenError(thrown: unknown): BullpenError {
  if (thrown instanceof BullpenError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new BullpenError('INTERNAL', { reason }, { cause: thrown })
}

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => (key in details ? String(details[key]) : `{${key}}`))
}
