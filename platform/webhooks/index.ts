export { openWebhooks, webhookSecret } from './open-webhooks.ts'
export { WebhookCourier } from './webhook-courier.ts'
export type { WebhookCourierOptions } from './webhook-courier.ts'
