import { asBullpenError } from '#core/errors'
import {
  deliverWithinMs,
  type ClaimedDelivery,
  type DeliveryEnd,
  type WebhookEndpoint,
  type WebhookEvent,
  type WebhookOutbox,
} from '#core/webhooks'
import { Backoff, pause } from '#platform/attempts'
import { postWebhook, type PostResult } from './post-webhook.ts'

export interface WebhookCourierOptions {
  readonly outbox: WebhookOutbox
  /** Those this process can reach. None: events are written down and nothing is delivered. */
  readonly endpoints: readonly WebhookEndpoint[]
  /** Asked once, when there is something to deliver. */
  readonly secret: () => Promise<string>
  readonly onNote: (text: string) => void
  /** ms since the epoch. */
  readonly clock?: () => number
  /** How often the outbox is looked at, ms (2,000). */
  readonly pollMs?: number
  /** Limit of one try, ms (10,000). */
  readonly timeoutMs?: number
}

/** Deliveries under way at a time. */
const atOnce = 8

/** Waits between tries: 5 s, doubled up to an hour. */
const pauses = { firstMs: 5000, longestMs: 3_600_000 }

/**
 * Tells endpoints what the outbox holds for them, for as long as it is open. Whatever fails waits in the outbox for the
 * next try, by this process or another; nothing that uses a courier waits for it or fails with it.
 *
 *     open --every pollMs--> claim --> post --2xx--> delivered
 *                              ^         +--410, or 3 days old--> given up
 *                              +--later--+--anything else
 */
export class WebhookCourier {
  readonly #options: Required<WebhookCourierOptions>
  readonly #closing = new AbortController()
  readonly #troubled = new Set<string>()
  #secret: Promise<string> | undefined
  #isRegistered = false
  #looking: Promise<void> = Promise.resolve()
  #loop: Promise<void> | undefined

  constructor(options: WebhookCourierOptions) {
    this.#options = { clock: Date.now, pollMs: 2000, timeoutMs: 10_000, ...options }
  }

  /** Makes the endpoints known, so that what happens from now on is kept for them, and begins to deliver. Never rejects. */
  async start(): Promise<void> {
    if (this.#options.endpoints.length === 0) return
    await this.#attempt(() => this.#register())
    this.#loop ??= this.#deliverUntilClosed()
  }

  /** Writes an event down. Never rejects: what cannot be written is said. */
  async tell(event: WebhookEvent): Promise<void> {
    await this.#attempt(async () => {
      await this.#options.outbox.add(event)
    })
  }

  /** Delivers everything that is due, once. Throws DATABASE_UNAVAILABLE, TOKEN_FILE_UNSAFE. */
  deliverDue(): Promise<void> {
    this.#looking = this.#looking.catch(() => undefined).then(() => this.#deliverAllDue())
    return this.#looking
  }

  /** Stops after a last look that takes at most `withinMs`; what is under way then is tried again later. Never rejects. */
  async close(withinMs = 5000): Promise<void> {
    const isOpen = !this.#closing.signal.aborted && this.#loop !== undefined
    const limit = new AbortController()
    if (isOpen) {
      const last = this.#attempt(() => this.deliverDue())
      await Promise.race([last, pause(withinMs, limit.signal)])
    }
    limit.abort()
    this.#closing.abort()
    await Promise.allSettled([this.#loop, this.#looking])
  }

  async #deliverUntilClosed(): Promise<void> {
    const { signal } = this.#closing
    const backoff = new Backoff({ firstMs: this.#options.pollMs, longestMs: 60_000 })
    while (!signal.aborted) {
      const isWell = await this.#attempt(() => this.deliverDue())
      if (isWell) backoff.reset()
      await (isWell ? pause(this.#options.pollMs, signal) : backoff.wait(signal))
    }
  }

  async #register(): Promise<void> {
    const { outbox, endpoints, clock } = this.#options
    await outbox.register(endpoints, clock())
    this.#isRegistered = true
  }

  async #deliverAllDue(): Promise<void> {
    const { outbox, endpoints, clock, timeoutMs } = this.#options
    if (endpoints.length === 0) return
    if (!this.#isRegistered) await this.#register()
    const ids = endpoints.map(({ id }) => id)
    while (!this.#closing.signal.aborted) {
      const claimed = await outbox.claim(ids, { now: clock(), ttlMs: 3 * timeoutMs, limit: atOnce })
      if (claimed.length === 0) return
      const secret = await (this.#secret ??= this.#options.secret())
      await Promise.all(claimed.map((delivery) => this.#deliver(delivery, secret)))
    }
  }

  async #deliver(delivery: ClaimedDelivery, secret: string): Promise<void> {
    const { outbox, endpoints, clock, timeoutMs } = this.#options
    const endpoint = endpoints.find(({ id }) => id === delivery.endpoint)!
    const { signal } = this.#closing
    const result = await postWebhook(endpoint, delivery.event, { secret, timeoutMs, now: clock(), signal })
    await outbox.settle(delivery, this.#endOf(delivery, result))
    this.#note(endpoint, result)
  }

  #endOf({ event, attempts }: ClaimedDelivery, result: PostResult): DeliveryEnd {
    if (result.ok) return { state: 'delivered', status: result.status }
    const { reason } = result
    const now = this.#options.clock()
    if (this.#closing.signal.aborted) return { state: 'retry', at: now, reason: 'the program that was at it ended' }
    const backoff = new Backoff(pauses)
    let waitMs = backoff.next()
    for (let i = 0; i < attempts; i++) waitMs = backoff.next()
    // 410 says that nobody listens there any more.
    const isOver = result.status === 410 || now + waitMs > event.at + deliverWithinMs
    return isOver ? { state: 'given-up', reason } : { state: 'retry', at: now + waitMs, reason }
  }

  /** One line when an endpoint stops taking what it is told, one when it does again. */
  #note({ id, describe }: WebhookEndpoint, result: PostResult): void {
    if (result.ok) {
      if (this.#troubled.delete(id)) this.#options.onNote(`webhook ${describe} takes events again`)
    } else if (!this.#closing.signal.aborted && !this.#troubled.has(id)) {
      this.#troubled.add(id)
      this.#options.onNote(`webhook ${describe} was not told: ${result.reason}; it is tried again`)
    }
  }

  /** Whether it went well; what went wrong is said once until it goes well again. */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      this.#troubled.delete('outbox')
      return true
    } catch (error) {
      if (!this.#troubled.has('outbox')) this.#options.onNote(`webhooks wait: ${asBullpenError(error).message}`)
      this.#troubled.add('outbox')
      return false
    }
  }
}
