import { sha256 } from '#core/hashing'

/** How an endpoint wants to be told. */
export type WebhookFormat = 'json' | 'slack' | 'telegram'

/** Where events are sent. The address may hold a secret and is never shown. */
export interface WebhookEndpoint {
  /** Follows from format and address. */
  readonly id: string
  readonly format: WebhookFormat
  readonly url: string
  /** For people: format and host. */
  readonly describe: string
}

const forms = /^(?:(slack|telegram)\+)?(https?:\/\/.+)$/

/**
 * Reads `https://...` (JSON), `slack+https://...` or `telegram+https://...?chat_id=...`. Plain http is for this machine
 * only. Answers the endpoint, or what is wrong with it in words that do not repeat it.
 */
export function readWebhookEndpoint(text: string): WebhookEndpoint | string {
  const [, prefix, address = ''] = forms.exec(text) ?? []
  if (!URL.canParse(address)) return 'is not an address such as https://..., slack+https://... or telegram+https://...'
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return 'has a user or a password in it'
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return 'is plain http and not on this machine'
  const format = (prefix as 'slack' | 'telegram' | undefined) ?? 'json'
  if (format === 'telegram' && !url.searchParams.get('chat_id')) return 'names no chat: add ?chat_id=...'
  return { id: sha256(text).slice(0, 16), format, url: url.href, describe: `${format} ${url.host}` }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
