import { asBullpenError, BullpenError } from '#core/errors'
import type { HoldState, RunStore } from '#core/registry'

export interface RunHoldOptions {
  readonly runs: Pick<RunStore, 'renewHold' | 'releaseHold'>
  readonly runId: string
  readonly token: string
  /** How long the store keeps the hold without renewal, ms. It is renewed three times as often. */
  readonly ttlMs: number
  /** How much longer than that the store may be out of reach before the run is given up, ms. */
  readonly graceMs: number
  /** Told after each renewal: what kept the store from answering, or null when it did. */
  readonly onRenewal?: (error: BullpenError | null) => void
  /** Milliseconds of any origin; must not jump. */
  readonly clock?: () => number
  /** Calls `work` once after `ms`; the function it returns calls it off. */
  readonly schedule?: (ms: number, work: () => void) => () => void
}

/**
 * The right of this coordinator to write one run, renewed in the background.
 *
 *     held --ttl without renewal--> in doubt: writers wait --renewed--> held
 *       |                              +--grace over-------------------> lost
 *       +--somebody else has had the run------------------------------> lost: signal aborts with RUN_HOLD_LOST
 *       +--cancel requested--> held, signal aborts with INTERRUPTED
 *
 * The store's token fences whatever is written, so waiting in doubt is safe: nobody else took the run, or the next
 * renewal says so.
 */
export class RunHold {
  readonly token: string
  private readonly options: Required<RunHoldOptions>
  private readonly controller = new AbortController()
  private readonly waiting = new Set<() => void>()
  private heldUntil: number
  private lost: BullpenError | undefined
  private renewing: Promise<void> | undefined
  private callOff: () => void = () => undefined
  private isOver = false

  /** A hold that was granted just now. */
  constructor(options: RunHoldOptions) {
    this.options = { clock: () => performance.now(), schedule: realSchedule, onRenewal: () => undefined, ...options }
    this.token = options.token
    this.heldUntil = this.options.clock() + options.ttlMs
    this.scheduleNext(options.ttlMs / 3)
  }

  /** Aborts with RUN_HOLD_LOST, or with INTERRUPTED when the run was cancelled. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  get isLost(): boolean {
    return this.lost !== undefined
  }

  /** Resolves while the hold is current, waits while it is in doubt. Throws RUN_HOLD_LOST. */
  async ready(): Promise<void> {
    while (!this.lost && this.options.clock() >= this.heldUntil) {
      await new Promise<void>((wake) => {
        this.waiting.add(wake)
      })
    }
    if (this.lost) throw this.lost
  }

  /** Renews now, before a step that must not be made twice. Throws RUN_HOLD_LOST. */
  async confirm(): Promise<void> {
    await this.renew()
    await this.ready()
  }

  /** Gives the run back and stops renewing. Idempotent; a store out of reach lets it lapse. */
  async release(): Promise<void> {
    if (this.isOver) return
    this.isOver = true
    this.callOff()
    await this.renewing
    if (this.lost) return
    const { runs, runId } = this.options
    await runs.releaseHold(runId, this.token).catch(() => undefined)
  }

  private renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined
      for (const wake of this.waiting) wake()
      this.waiting.clear()
    })
    return this.renewing
  }

  private async renewOnce(): Promise<void> {
    const { runs, runId, ttlMs, graceMs, clock, onRenewal } = this.options
    this.callOff()
    const askedAt = clock()
    const state = await this.within(ttlMs / 3, runs.renewHold(runId, this.token, ttlMs)).catch((error: unknown) => {
      onRenewal(asBullpenError(error))
      return null
    })
    if (state !== null) onRenewal(null)
    if (state !== null && state !== 'lost') this.heldUntil = askedAt + ttlMs
    if (state === 'cancel') {
      this.controller.abort(new BullpenError('INTERRUPTED', { reason: 'cancelled with bullpen runs cancel' }))
    }
    // Given up, too, when the store has been out of reach for longer than is allowed.
    if (state === 'lost' || clock() >= this.heldUntil + graceMs) this.lose()
    this.scheduleNext(state === null ? ttlMs / 30 : ttlMs / 3)
  }

  /** A connection cut without a word answers never: it must not stop renewals. */
  private async within(ms: number, work: Promise<HoldState>): Promise<HoldState | null> {
    let stop: () => void = () => undefined
    const overdue = new Promise<null>((resolve) => {
      stop = this.options.schedule(ms, () => {
        resolve(null)
      })
    })
    try {
      return await Promise.race([work, overdue])
    } finally {
      stop()
      work.catch(() => undefined)
    }
  }

  private lose(): void {
    this.lost = new BullpenError('RUN_HOLD_LOST', { run: this.options.runId })
    this.controller.abort(this.lost)
  }

  private scheduleNext(ms: number): void {
    if (this.isOver || this.lost) return
    this.callOff = this.options.schedule(ms, () => void this.renew())
  }
}

function realSchedule(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => {
    clearTimeout(timer)
  }
}
