import type { TaskLedger } from '#core/protocol'
import { pause } from '#platform/attempts'
import type { HeldTask } from './held-task.ts'

export interface LeaseKeeperOptions {
  readonly ledger: TaskLedger
  /** Everything held, by token; read anew each time. */
  readonly held: ReadonlyMap<string, HeldTask>
  readonly ttlMs: number
  /** The lease is another's, or has lapsed by this process's own clock. */
  readonly onLost: (held: HeldTask) => void
  /** The run was cancelled. */
  readonly onCancelled: (held: HeldTask) => void
}

/**
 * Keeps leases alive: one call for all of them every third of their time. What the ledger says is lost is lost; and
 * when it cannot be asked until a lease has lapsed by the monotonic clock, that lease counts as lost too, because
 * somebody else may have the task by then.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions
  readonly #stopped = new AbortController()
  readonly #lapses: NodeJS.Timeout

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
    // A timer of its own: a renewal may hang for as long as the ledger is unreachable.
    this.#lapses = setInterval(() => {
      this.#checkLapses()
    }, options.ttlMs / 10)
    void this.#run()
  }

  stop(): void {
    this.#stopped.abort()
    clearInterval(this.#lapses)
  }

  async #run(): Promise<void> {
    const { ttlMs } = this.#options
    let nextMs = ttlMs / 3
    while (!this.#stopped.signal.aborted) {
      await pause(nextMs, this.#stopped.signal)
      nextMs = (await this.#renew()) ? ttlMs / 3 : ttlMs / 10
    }
  }

  async #renew(): Promise<boolean> {
    const { ledger, held, ttlMs, onLost, onCancelled } = this.#options
    const tokens = [...held.keys()]
    if (tokens.length === 0 || this.#stopped.signal.aborted) return true
    const askedAt = performance.now()
    try {
      const { lost, cancelled } = await ledger.renew(tokens, ttlMs)
      const gone = new Set(lost)
      for (const token of tokens) {
        const task = held.get(token)
        if (task && !gone.has(token)) task.until = askedAt + ttlMs
      }
      for (const task of those(held, lost)) if (task.state !== 'ended') onLost(task)
      for (const task of those(held, cancelled)) if (task.state !== 'ended') onCancelled(task)
      return true
    } catch {
      return false
    }
  }

  #checkLapses(): void {
    const { held, onLost } = this.#options
    const now = performance.now()
    // What has ended is reported all the same: the ledger's fence decides.
    for (const task of [...held.values()]) if (task.until <= now && task.state !== 'ended') onLost(task)
  }
}

function those(held: ReadonlyMap<string, HeldTask>, tokens: readonly string[]): HeldTask[] {
  return tokens.flatMap((token) => held.get(token) ?? [])
}
