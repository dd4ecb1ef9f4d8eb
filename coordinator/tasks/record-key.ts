import { BullpenError, type ErrorData } from '#core/errors'
import { sha256Json } from '#core/hashing'
import type { TaskName } from '#core/protocol'

/**
 * What a task is called on the queue and its result in the run's record. The payload is part of it: were the plan ever
 * different on resume, nothing stale is taken for it.
 */
export function recordKeyOf(name: TaskName, key: string, payload: unknown): string {
  return `${key}@${sha256Json({ name, payload }).slice(0, 16)}`
}

/** The error of a task with the key people know in place of the record key. */
export function plainError(error: ErrorData, recordKey: string, key: string): BullpenError {
  const plain = Object.entries(error.details).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replaceAll(recordKey, key) : value,
  ])
  return new BullpenError(error.code, Object.fromEntries(plain) as ErrorData['details'])
}
