export { describeWebhookOutbox } from './webhook-outbox-suite.ts'
export type { WebhookOutboxFixture } from './webhook-outbox-suite.ts'
