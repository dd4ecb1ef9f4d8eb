import { BullpenError } from '#core/errors'
import type { ClaimRequest, ClusterClaim, ClusterOutputs } from '#core/protocol'
import { describeHolder, isDeadHere, thisHolder } from '../holds/index.ts'
import type { RentalBooks } from './rental-books.ts'

/** How long a claim lasts unless kept, ms; it is kept three times as often. A dead holder of this machine is seen at once. */
const claimMs = 30_000

/** The right of this process to change a cluster, kept in the background. */
export class HeldCluster {
  /** Aborts with CLUSTER_BUSY when somebody has claimed the cluster since: to take it down. */
  readonly signal: AbortSignal
  readonly #books: RentalBooks
  readonly #claim: ClusterClaim
  readonly #timer: NodeJS.Timeout
  readonly #lost = new AbortController()

  private constructor(books: RentalBooks, claim: ClusterClaim) {
    this.#books = books
    this.#claim = claim
    this.signal = this.#lost.signal
    this.#timer = setInterval(() => {
      books
        .use(({ clusters }) => clusters.keep(claim, Date.now() + claimMs))
        .then((isKept) => {
          if (!isKept) this.#lost.abort(taken(claim.cluster))
        })
        // Away: the claim lapses, or the next time it is kept.
        .catch(() => undefined)
    }, claimMs / 3)
  }

  /**
   * Claims a cluster. A holder of this machine that is dead is taken over from.
   *
   * @throws CLUSTER_BUSY, USAGE as ClusterStore.claim
   */
  static async claim(
    books: RentalBooks,
    request: Pick<ClaimRequest, 'cluster' | 'target' | 'change' | 'request'>,
  ): Promise<HeldCluster> {
    const holder = thisHolder()
    const claim = (takeOverFrom?: string) => {
      const [now, until] = [Date.now(), Date.now() + claimMs]
      const from = takeOverFrom === undefined ? {} : { takeOverFrom }
      return books.use(({ clusters }) => clusters.claim({ ...request, holder, ...from, now, until }))
    }
    try {
      return new HeldCluster(books, await claim())
    } catch (error) {
      if (!(error instanceof BullpenError) || error.code !== 'CLUSTER_BUSY') throw error
      const other = String(error.details['holder'])
      if (isDeadHere(other, holder)) return new HeldCluster(books, await claim(other))
      throw new BullpenError('CLUSTER_BUSY', { ...error.details, holder: describeHolder(other) }, { cause: error })
    }
  }

  /** Ends the claim with where the cluster stands. Throws CLUSTER_BUSY, and `signal` aborts, when somebody else has it. */
  async settle(end: { readonly up: ClusterOutputs } | 'down'): Promise<void> {
    const isSettled = await this.#books.use(({ clusters }) => clusters.settle(this.#claim, end))
    if (isSettled) return
    this.#lost.abort(taken(this.#claim.cluster))
    throw this.signal.reason
  }

  /** Stops keeping it; one that is not settled lapses. Idempotent. */
  letGo(): void {
    clearInterval(this.#timer)
  }
}

function taken(cluster: string): BullpenError {
  return new BullpenError('CLUSTER_BUSY', { cluster, holder: 'somebody else', change: 'down', seconds: claimMs / 1000 })
}
