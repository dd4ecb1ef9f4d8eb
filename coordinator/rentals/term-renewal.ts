import { BullpenError } from '#core/errors'
import type { ClusterSite } from './cluster-site.ts'
import { ensureGuard } from './guard-process.ts'

export interface TermRenewalOptions {
  readonly cluster: string
  /** How long the term is after each renewal, ms; it is renewed three times as often. */
  readonly termMs: number
  /** Time (ms since the epoch) past which the term is not moved. */
  readonly latest: number
}

/**
 * Moves the term of a cluster on for as long as this process works with it. The guard is looked after too: one that was
 * killed is started anew.
 */
export class TermRenewal {
  /** Aborts with CLUSTER_NOT_UP when the term is over, or the cluster is being taken down by somebody else. */
  readonly signal: AbortSignal
  readonly #lost = new AbortController()
  readonly #options: TermRenewalOptions
  readonly #site: ClusterSite
  readonly #timer: NodeJS.Timeout
  #renewing: Promise<void> | undefined
  #endsAt = 0

  constructor(options: TermRenewalOptions, site: ClusterSite) {
    this.#options = options
    this.#site = site
    this.signal = this.#lost.signal
    this.#timer = setInterval(() => {
      this.#renewing ??= this.renew().finally(() => (this.#renewing = undefined))
    }, options.termMs / 3)
  }

  /** Renews now. Problems that may pass are left to the next renewal. */
  async renew(): Promise<void> {
    const { cluster, termMs, latest } = this.#options
    const { books, target, note } = this.#site
    const now = Date.now()
    const endsAt = Math.min(now + termMs, latest)
    try {
      const [isCurrent, open] = await books.use(async ({ ledger }) => {
        return [await ledger.renew(cluster, { now, endsAt }), await ledger.list({ cluster, open: true })] as const
      })
      const guard = open.find(({ name }) => name === 'guard')
      if (!isCurrent || !guard) {
        const reason = isCurrent ? 'somebody has taken it down' : 'its term is over'
        this.#lost.abort(new BullpenError('CLUSTER_NOT_UP', { cluster, reason }))
        return
      }
      this.#endsAt = endsAt
      await ensureGuard(this.#site, guard)
      await target.renewed?.(cluster, endsAt)
    } catch (error) {
      note(
        `the term of cluster ${cluster} could not be renewed: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

  /** When everything ends itself unless renewed once more; 0 before the first renewal. */
  get endsAt(): number {
    return this.#endsAt
  }

  /** From now on the term runs out by itself. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
  }
}
