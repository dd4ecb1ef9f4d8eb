import { createHmac, timingSafeEqual } from 'node:crypto'

/** Longest difference of clocks that a verification accepts unless told, s; as the specification's libraries. */
const defaultToleranceSeconds = 300

/** What is signed: the id of the event, when the request was made (s since the epoch) and its body. */
export interface SignedParts {
  readonly id: string
  readonly timestamp: number
  readonly body: string
}

/** A secret as the specification writes it: `whsec_` and 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  const encoded = text.startsWith('whsec_') ? text.slice('whsec_'.length) : undefined
  if (encoded === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return false
  const { length } = Buffer.from(encoded, 'base64')
  return length >= 24 && length <= 64
}

/**
 * Headers of a signed request, as Standard Webhooks 1.0.0 has them (standardwebhooks.com): HMAC-SHA256 over
 * `id.timestamp.body`, in base64, behind the version of the scheme.
 */
export function signatureHeaders(parts: SignedParts, secret: string): Readonly<Record<string, string>> {
  return {
    'webhook-id': parts.id,
    'webhook-timestamp': String(parts.timestamp),
    'webhook-signature': `v1,${macOf(parts, secret).toString('base64')}`,
  }
}

/**
 * Whether a request was signed with the secret, within `toleranceSeconds` of `now` (s since the epoch). Several
 * signatures may stand side by side, while a secret is being changed; one that holds is enough.
 */
export function isSignedRequest(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  secret: string,
  { now, toleranceSeconds = defaultToleranceSeconds }: { readonly now: number; readonly toleranceSeconds?: number },
): boolean {
  const id = headers['webhook-id']
  const timestamp = Number(headers['webhook-timestamp'])
  if (!id || !Number.isInteger(timestamp) || Math.abs(now - timestamp) > toleranceSeconds) return false
  const wanted = macOf({ id, timestamp, body }, secret)
  return (headers['webhook-signature'] ?? '').split(' ').some((each) => {
    const [version, mac = ''] = each.split(',')
    const given = Buffer.from(mac, 'base64')
    return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}

function macOf({ id, timestamp, body }: SignedParts, secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
}
