export { webhookId, webhookKinds } from './webhook-event.ts'
export type { WebhookEvent, WebhookFacts, WebhookKind } from './webhook-event.ts'
export { readWebhookEndpoint } from './webhook-endpoint.ts'
export type { WebhookEndpoint, WebhookFormat } from './webhook-endpoint.ts'
export { isSignedRequest, isWebhookSecret, signatureHeaders } from './signature.ts'
export type { SignedParts } from './signature.ts'
export { inWords, webhookBody } from './templates.ts'
export { deliverWithinMs, outboxKeepMs } from './webhook-outbox.ts'
export type {
  ClaimedDelivery,
  DeliveryEnd,
  DeliveryRecord,
  OutboxEndpoint,
  OutboxFigures,
  WebhookOutbox,
} from './webhook-outbox.ts'
export { webhookFigures, webhookMetrics } from './webhook-figures.ts'
