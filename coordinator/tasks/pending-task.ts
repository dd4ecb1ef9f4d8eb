import type { BullpenError } from '#core/errors'
import type { Task } from '#core/protocol'

/** A task that was asked for and has not ended. `task.key` is its record key, `key` what the caller named it. */
export interface PendingTask {
  readonly task: Task
  readonly key: string
  readonly askedAt: number
  readonly promise: Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: BullpenError) => void
}

/** `askedAt` in ms of any origin. */
export function pendingTask(task: Task, key: string, askedAt: number): PendingTask {
  let resolve: (result: unknown) => void = () => undefined
  let reject: (error: BullpenError) => void = () => undefined
  const promise = new Promise<unknown>((onResult, onError) => {
    resolve = onResult
    reject = onError
  })
  return { task, key, askedAt, promise, resolve, reject }
}
