import type { PendingReport } from './held-task.ts'

/** Failures that are kept for a while before they are reported: see `retryDelay`. */
export class DelayedReports {
  readonly #timers = new Map<PendingReport, NodeJS.Timeout>()
  readonly #report: (pending: PendingReport) => void

  constructor(report: (pending: PendingReport) => void) {
    this.#report = report
  }

  add(pending: PendingReport, delayMs: number): void {
    const timer = setTimeout(() => {
      this.flush((one) => one === pending)
    }, delayMs)
    this.#timers.set(pending, timer)
  }

  /** Reports those that `which` names now. */
  flush(which: (pending: PendingReport) => boolean): void {
    for (const [pending, timer] of this.#timers) {
      if (!which(pending)) continue
      clearTimeout(timer)
      this.#timers.delete(pending)
      this.#report(pending)
    }
  }
}
