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
import type { Database } from './database.ts'

type EventRow = WebhookEvent & Record<string, unknown>

/** The outbox in PostgreSQL, where triggers write what runs and aliases do. */
export class PostgresWebhookOutbox implements WebhookOutbox {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async register(endpoints: readonly OutboxEndpoint[], now: number): Promise<void> {
    await this.#database.query(
      `INSERT INTO bullpen.webhook_endpoints (id, description, seen_at)
       SELECT id, description, to_timestamp($3::float8 / 1000) FROM unnest($1::text[], $2::text[]) AS e (id, description)
       ON CONFLICT (id) DO UPDATE SET description = excluded.description, seen_at = excluded.seen_at`,
      [endpoints.map(({ id }) => id), endpoints.map(({ describe }) => describe), now],
    )
    await this.#database.query('DELETE FROM bullpen.webhook_events WHERE at < to_timestamp($1::float8 / 1000)', [
      now - outboxKeepMs,
    ])
  }

  async add({ key, kind, at, facts }: WebhookEvent): Promise<boolean> {
    const rows = await this.#database.query(
      `INSERT INTO bullpen.webhook_events (key, kind, at, facts) VALUES ($1, $2, to_timestamp($3::float8 / 1000), $4)
       ON CONFLICT DO NOTHING RETURNING id`,
      [key, kind, at, JSON.stringify(facts)],
    )
    return rows.length > 0
  }

  async claim(
    endpoints: readonly string[],
    { now, ttlMs, limit }: { readonly now: number; readonly ttlMs: number; readonly limit: number },
  ): Promise<readonly ClaimedDelivery[]> {
    await this.#database.query(
      `UPDATE bullpen.webhook_deliveries d SET state = 'given-up', reason = coalesce(reason, 'nobody delivered it')
       FROM bullpen.webhook_events e WHERE e.id = d.event_id AND d.state = 'pending'
         AND d.next_at <= to_timestamp($1::float8 / 1000) AND e.at < to_timestamp($2::float8 / 1000)`,
      [now, now - deliverWithinMs],
    )
    const rows = await this.#database.query<EventRow & Omit<ClaimedDelivery, 'event'>>(
      `WITH due AS (
         SELECT event_id, endpoint FROM bullpen.webhook_deliveries
         WHERE state = 'pending' AND endpoint = ANY($1::text[]) AND next_at <= to_timestamp($2::float8 / 1000)
         ORDER BY event_id LIMIT $4 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE bullpen.webhook_deliveries d SET token = gen_random_uuid(), attempts = attempts + 1,
           next_at = to_timestamp(($2::float8 + $3) / 1000)
         FROM due WHERE d.event_id = due.event_id AND d.endpoint = due.endpoint
         RETURNING d.event_id, d.endpoint, d.attempts - 1 AS attempts, d.token
       )
       SELECT e.key, e.kind, e.at, e.facts, c.endpoint, c.attempts, c.token
       FROM claimed c JOIN bullpen.webhook_events e ON e.id = c.event_id ORDER BY e.id`,
      [endpoints, now, ttlMs, limit],
    )
    return rows.map(({ endpoint, attempts, token, ...event }) => ({ event: eventOf(event), endpoint, attempts, token }))
  }

  async settle({ event, endpoint, token }: ClaimedDelivery, end: DeliveryEnd): Promise<boolean> {
    const status = end.state === 'delivered' ? end.status : null
    const reason = end.state === 'delivered' ? null : end.reason
    const rows = await this.#database.query(
      `UPDATE bullpen.webhook_deliveries d SET state = $4, status = $5, reason = $6, token = NULL,
         next_at = coalesce(to_timestamp($7::float8 / 1000), next_at)
       FROM bullpen.webhook_events e
       WHERE e.id = d.event_id AND e.key = $1 AND d.endpoint = $2 AND d.token = $3 RETURNING event_id`,
      [
        event.key,
        endpoint,
        token,
        end.state === 'retry' ? 'pending' : end.state,
        status,
        reason,
        end.state === 'retry' ? end.at : null,
      ],
    )
    return rows.length > 0
  }

  async list(limit: number): Promise<readonly DeliveryRecord[]> {
    const rows = await this.#database.query<EventRow & Omit<DeliveryRecord, 'event'>>(
      `SELECT e.key, e.kind, e.at, e.facts, p.description AS endpoint, d.state, d.attempts, d.status, d.reason,
              CASE WHEN d.state = 'pending' THEN d.next_at END AS "nextAt"
       FROM bullpen.webhook_deliveries d JOIN bullpen.webhook_events e ON e.id = d.event_id
         JOIN bullpen.webhook_endpoints p ON p.id = d.endpoint
       ORDER BY e.id DESC, d.endpoint LIMIT $1`,
      [limit],
    )
    return rows.map(({ endpoint, state, attempts, status, reason, nextAt, ...event }) => {
      return { event: eventOf(event), endpoint, state, attempts, status, reason, nextAt }
    })
  }

  async figures(): Promise<OutboxFigures> {
    const [row] = await this.#database.query<OutboxFigures>(
      `SELECT (count(*) FILTER (WHERE d.state = 'pending'))::integer AS pending,
              (count(*) FILTER (WHERE d.state = 'given-up'))::integer AS "givenUp",
              min(e.at) FILTER (WHERE d.state = 'pending') AS "oldestPendingAt"
       FROM bullpen.webhook_deliveries d JOIN bullpen.webhook_events e ON e.id = d.event_id`,
    )
    return row!
  }
}

function eventOf({ key, kind, at, facts }: WebhookEvent): WebhookEvent {
  return { key, kind, at, facts }
}
