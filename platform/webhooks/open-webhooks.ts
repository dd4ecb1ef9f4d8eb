import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isWebhookSecret, type WebhookOutbox } from '#core/webhooks'
import type { Config } from '#platform/config'
import { readSecret, secretFile } from '#platform/files'
import { WebhookCourier } from './webhook-courier.ts'

/** A courier for the configured endpoints, not started yet. */
export function openWebhooks(config: Config, outbox: WebhookOutbox, onNote: (text: string) => void): WebhookCourier {
  return new WebhookCourier({ outbox, endpoints: config.webhooks, secret: () => webhookSecret(config), onNote })
}

/** The secret requests are signed with: that of the environment, of the file it names, or one kept under `home`. Throws TOKEN_FILE_UNSAFE. */
export async function webhookSecret(
  config: Pick<Config, 'home' | 'webhookSecret' | 'webhookSecretFile'>,
): Promise<string> {
  if (config.webhookSecret !== undefined) return config.webhookSecret
  const what = 'a webhook secret'
  const isWhole = (text: string) => isWebhookSecret(text.trim())
  const { webhookSecretFile: file, home } = config
  const make = () => `whsec_${randomBytes(32).toString('base64')}`
  const text = await (file === undefined
    ? secretFile(join(home, 'webhook-secret'), { what, make, isWhole })
    : readSecret(file, { what, isWhole }))
  return text.trim()
}
