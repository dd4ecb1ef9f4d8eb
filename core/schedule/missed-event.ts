import type { WebhookEvent } from '#core/webhooks'

/** Tells that a due time of a schedule passed without a run; the same event whoever notices first. */
export function missedEvent(schedule: string, due: number, at: number, what: string): WebhookEvent {
  const time = new Date(due).toISOString()
  return {
    key: `schedule.missed/${schedule}/${time}`,
    kind: 'schedule.missed',
    at,
    facts: { schedule, due: time, what },
  }
}
