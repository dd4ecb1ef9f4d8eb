import type { WebhookEvent } from './webhook-event.ts'

/** An endpoint as the outbox knows it; its address, which may be secret, is not among what is stored. */
export interface OutboxEndpoint {
  /** Follows from the address. */
  readonly id: string
  /** For people: format and host. */
  readonly describe: string
}

/** An event that one endpoint is to be told by whoever has claimed it. */
export interface ClaimedDelivery {
  readonly event: WebhookEvent
  readonly endpoint: string
  /** Tries before this one. */
  readonly attempts: number
  /** Fences what is written about it: a claim that lapsed and was taken over is lost. */
  readonly token: string
}

/** How one try ended. */
export type DeliveryEnd =
  | { readonly state: 'delivered'; readonly status: number }
  | { readonly state: 'retry'; readonly at: number; readonly reason: string }
  | { readonly state: 'given-up'; readonly reason: string }

/** A delivery for people to look at. */
export interface DeliveryRecord {
  readonly event: WebhookEvent
  /** `describe` of the endpoint. */
  readonly endpoint: string
  readonly state: 'pending' | 'delivered' | 'given-up'
  readonly attempts: number
  /** HTTP status of the answer that ended it; null before, or when nobody answered. */
  readonly status: number | null
  /** Why the last try failed. */
  readonly reason: string | null
  /** When it is tried next; null when it is over. */
  readonly nextAt: number | null
}

/** Figures for dashboards. */
export interface OutboxFigures {
  readonly pending: number
  /** Ended without having been told, of events that are still kept. */
  readonly givenUp: number
  /** When the oldest event still pending happened; null when none is. */
  readonly oldestPendingAt: number | null
}

/** How long events are kept, and how long it is tried to tell them, ms. */
export const outboxKeepMs = 30 * 86_400_000
export const deliverWithinMs = 3 * 86_400_000

/**
 * Events written down with what they tell of, so that a crash loses none, until each endpoint known at that time has
 * been told at least once. Times are the caller's, ms since the epoch. Throws DATABASE_UNAVAILABLE.
 */
export interface WebhookOutbox {
  /** From now on events are kept for these endpoints (until 30 days after the last call); events older than 30 days are dropped. Idempotent. */
  register(endpoints: readonly OutboxEndpoint[], now: number): Promise<void>
  /** False when an event of that key is known: nothing happens. */
  add(event: WebhookEvent): Promise<boolean>
  /** Up to `limit` deliveries that are due, oldest event first; nobody else gets them for `ttlMs`, nor after they are settled. */
  claim(
    endpoints: readonly string[],
    options: { readonly now: number; readonly ttlMs: number; readonly limit: number },
  ): Promise<readonly ClaimedDelivery[]>
  /** How a claimed delivery ended. False when the claim was lost: another's word holds. */
  settle(delivery: ClaimedDelivery, end: DeliveryEnd): Promise<boolean>
  /** Newest event first. */
  list(limit: number): Promise<readonly DeliveryRecord[]>
  figures(): Promise<OutboxFigures>
}
