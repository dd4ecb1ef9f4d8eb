import { randomUUID } from 'node:crypto'
import {
  deliverWithinMs,
  outboxKeepMs,
  type ClaimedDelivery,
  type DeliveryEnd,
  type DeliveryRecord,
  type OutboxEndpoint,
  type OutboxFigures,
  type WebhookEvent,
  type WebhookOutbox,
} from '#core/webhooks'

interface Delivery {
  readonly event: WebhookEvent
  readonly endpoint: string
  state: DeliveryRecord['state']
  attempts: number
  nextAt: number
  token: string | null
  status: number | null
  reason: string | null
}

/** An outbox that lives as long as the object. */
export class MemoryWebhookOutbox implements WebhookOutbox {
  readonly #endpoints = new Map<string, { readonly describe: string; readonly seenAt: number }>()
  readonly #events = new Map<string, WebhookEvent>()
  #deliveries: Delivery[] = []

  register(endpoints: readonly OutboxEndpoint[], now: number): Promise<void> {
    for (const { id, describe } of endpoints) this.#endpoints.set(id, { describe, seenAt: now })
    for (const [key, { at }] of this.#events) if (at < now - outboxKeepMs) this.#events.delete(key)
    this.#deliveries = this.#deliveries.filter(({ event }) => this.#events.has(event.key))
    return Promise.resolve()
  }

  add(event: WebhookEvent): Promise<boolean> {
    if (this.#events.has(event.key)) return Promise.resolve(false)
    this.#events.set(event.key, event)
    for (const [endpoint, { seenAt }] of this.#endpoints) {
      if (seenAt <= event.at - outboxKeepMs) continue
      const fresh = { state: 'pending', attempts: 0, token: null, status: null, reason: null } as const
      this.#deliveries.push({ event, endpoint, nextAt: event.at, ...fresh })
    }
    return Promise.resolve(true)
  }

  claim(
    endpoints: readonly string[],
    { now, ttlMs, limit }: { readonly now: number; readonly ttlMs: number; readonly limit: number },
  ): Promise<readonly ClaimedDelivery[]> {
    const due = this.#deliveries.filter(({ state, nextAt }) => state === 'pending' && nextAt <= now)
    for (const delivery of due) {
      if (delivery.event.at >= now - deliverWithinMs) continue
      delivery.state = 'given-up'
      delivery.reason ??= 'nobody delivered it'
    }
    const mine = due
      .filter(({ state, endpoint }) => state === 'pending' && endpoints.includes(endpoint))
      .slice(0, limit)
    return Promise.resolve(
      mine.map((delivery) => {
        const { event, endpoint, attempts } = delivery
        const token = randomUUID()
        Object.assign(delivery, { token, attempts: attempts + 1, nextAt: now + ttlMs })
        return { event, endpoint, attempts, token }
      }),
    )
  }

  settle({ token }: ClaimedDelivery, end: DeliveryEnd): Promise<boolean> {
    const delivery = this.#deliveries.find((each) => each.token === token)
    if (!delivery) return Promise.resolve(false)
    delivery.token = null
    delivery.state = end.state === 'retry' ? 'pending' : end.state
    delivery.status = end.state === 'delivered' ? end.status : null
    delivery.reason = end.state === 'delivered' ? null : end.reason
    if (end.state === 'retry') delivery.nextAt = end.at
    return Promise.resolve(true)
  }

  list(limit: number): Promise<readonly DeliveryRecord[]> {
    const order = [...this.#events.keys()]
    const newestFirst = [...this.#deliveries].sort((a, b) => order.indexOf(b.event.key) - order.indexOf(a.event.key))
    return Promise.resolve(
      newestFirst.slice(0, limit).map(({ event, endpoint, state, attempts, status, reason, nextAt }) => {
        const { describe } = this.#endpoints.get(endpoint)!
        return {
          event,
          endpoint: describe,
          state,
          attempts,
          status,
          reason,
          nextAt: state === 'pending' ? nextAt : null,
        }
      }),
    )
  }

  figures(): Promise<OutboxFigures> {
    const pending = this.#deliveries.filter(({ state }) => state === 'pending')
    const oldestPendingAt = pending.length === 0 ? null : Math.min(...pending.map(({ event }) => event.at))
    const givenUp = this.#deliveries.filter(({ state }) => state === 'given-up').length
    return Promise.resolve({ pending: pending.length, givenUp, oldestPendingAt })
  }
}
