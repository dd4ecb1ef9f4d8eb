import type { OutboxFigures } from './webhook-outbox.ts'

/** What programs tell scrapers of the outbox: [name, meaning], each a gauge. docs/operations.md lists the same. */
export const webhookMetrics = [
  ['bullpen_webhooks_pending', 'deliveries of webhook events that wait'],
  ['bullpen_webhooks_given_up', 'deliveries of the last 30 days that were given up'],
  ['bullpen_webhooks_oldest_seconds', 'how long the oldest event that waits has been waiting; 0: none waits'],
] as const satisfies readonly (readonly [string, string])[]

/** Values of {@link webhookMetrics}; `now` in ms. */
export function webhookFigures(
  { pending, givenUp, oldestPendingAt }: OutboxFigures,
  now: number,
): Readonly<Record<(typeof webhookMetrics)[number][0], number>> {
  return {
    bullpen_webhooks_pending: pending,
    bullpen_webhooks_given_up: givenUp,
    bullpen_webhooks_oldest_seconds: oldestPendingAt === null ? 0 : Math.max(0, now - oldestPendingAt) / 1000,
  }
}
