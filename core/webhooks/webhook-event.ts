import { sha256 } from '#core/hashing'

/** What is told, as `type` of the body: a thing and what became of it. */
export const webhookKinds = [
  'run.started',
  'run.finished',
  'run.failed',
  'model.promoted',
  'model.refused',
  'model.rolled-back',
  'leak.found',
  'data.stale',
  'schedule.missed',
  'webhook.test',
] as const

/** One of {@link webhookKinds}. */
export type WebhookKind = (typeof webhookKinds)[number]

/** What a receiver is told besides kind and time: plain values by name, no secrets. */
export type WebhookFacts = Readonly<Record<string, string | number | boolean | null>>

/** Something that happened and is told once to each endpoint. */
export interface WebhookEvent {
  /** Names what happened, e.g. `run.finished/20200101-120000-1f3a9c`: told again it is the same event. */
  readonly key: string
  readonly kind: WebhookKind
  /** When it happened, ms since the epoch. */
  readonly at: number
  readonly facts: WebhookFacts
}

/** The `webhook-id` of every delivery of an event: the key by which a receiver knows a repetition. */
export function webhookId({ key }: Pick<WebhookEvent, 'key'>): string {
  return `evt_${sha256(key).slice(0, 24)}`
}
