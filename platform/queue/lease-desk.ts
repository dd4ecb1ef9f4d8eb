import type { Route, TaskLease, TaskLedger } from '#core/protocol'
import { Backoff } from '#platform/attempts'

export interface LeaseDeskOptions {
  readonly ledger: TaskLedger
  readonly route: Route
  readonly worker: string
  readonly ttlMs: number
  /** Aborts when the consumer drains: who still waits gets nothing. */
  readonly signal: AbortSignal
}

/** Leases granted together, and when they were asked for by the monotonic clock (ms), from which they lapse. */
export interface Grant {
  readonly leases: readonly TaskLease[]
  readonly askedAt: number
}

interface Asking {
  readonly ids: readonly string[]
  readonly resolve: (grant: Grant) => void
}

/** Most ids in one request. */
const groupSize = 500

/**
 * Asks the ledger for leases, one request at a time: everybody who asks meanwhile shares the next one, so that the
 * number of transactions does not grow with the number of jobs. While the ledger is away requests wait.
 */
export class LeaseDesk {
  readonly #options: LeaseDeskOptions
  readonly #waiting: Asking[] = []
  #isBusy = false

  constructor(options: LeaseDeskOptions) {
    this.#options = options
  }

  /** Leases those of `ids` that may be had. Never rejects. */
  lease(ids: readonly string[]): Promise<Grant> {
    return new Promise((resolve) => {
      this.#waiting.push({ ids, resolve })
      if (this.#isBusy) return
      this.#isBusy = true
      queueMicrotask(() => {
        void this.#run()
      })
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group: Asking[] = []
      let size = 0
      for (;;) {
        const next = this.#waiting[0]
        if (!next || (group.length > 0 && size + next.ids.length > groupSize)) break
        group.push(next)
        size += next.ids.length
        this.#waiting.shift()
      }
      const { leases, askedAt } = await this.#ask([...new Set(group.flatMap(({ ids }) => ids))])
      const left = new Map(leases.map((lease) => [lease.task.id, lease]))
      for (const { ids, resolve } of group) {
        // Two jobs may name one task: the first to ask has it.
        const own: TaskLease[] = []
        for (const id of ids) {
          const lease = left.get(id)
          if (lease && left.delete(id)) own.push(lease)
        }
        resolve({ leases: own, askedAt })
      }
    }
    this.#isBusy = false
  }

  async #ask(ids: readonly string[]): Promise<Grant> {
    const { ledger, route, worker, ttlMs, signal } = this.#options
    const backoff = new Backoff({ firstMs: 100 })
    while (!signal.aborted) {
      const askedAt = performance.now()
      try {
        return { leases: await ledger.lease({ ids, route, worker, ttlMs }), askedAt }
      } catch {
        await backoff.wait(signal)
      }
    }
    return { leases: [], askedAt: 0 }
  }
}
