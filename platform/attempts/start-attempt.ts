import { BullpenError, toErrorData, type ErrorData } from '#core/errors'

/** What is attempted, under its time limit in ms. */
export interface Attemptable {
  readonly id: string
  readonly timeoutMs: number
}

/** How an attempt ended, by its work, its time limit or an abort. */
export type AttemptEnd =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: ErrorData }

/** One running attempt. */
export interface Attempt {
  /** Never rejects: the work's word, or that of the timeout or of `end`, whichever is first. */
  readonly ended: Promise<AttemptEnd>
  /** Never rejects: when the work has settled, which after an abort may be later than `ended`. */
  readonly settled: Promise<unknown>
  /** Aborts the attempt's signal with `error`; it ends with that error unless it has ended already. */
  readonly end: (error: BullpenError) => void
}

/** Calls `work` (never synchronously) under the task's time limit. */
export function startAttempt(task: Attemptable, work: (signal: AbortSignal) => Promise<unknown>): Attempt {
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => {
    controller.abort(new BullpenError('TASK_TIMEOUT', { task: task.id, seconds: task.timeoutMs / 1000 }))
  }, task.timeoutMs)

  const aborted = new Promise<AttemptEnd>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve({ ok: false, error: toErrorData(signal.reason) })
    })
  })
  const settled: Promise<AttemptEnd> = Promise.resolve()
    .then(() => work(signal))
    .then(
      (result) => ({ ok: true, result }),
      (thrown: unknown) => ({ ok: false, error: toErrorData(thrown) }),
    )
  const ended = Promise.race([settled, aborted]).finally(() => {
    clearTimeout(timer)
  })
  const end = (error: BullpenError) => {
    controller.abort(error)
  }
  return { ended, settled, end }
}
