import { signatureHeaders, webhookBody, webhookId, type WebhookEndpoint, type WebhookEvent } from '#core/webhooks'

export interface PostOptions {
  /** As `isWebhookSecret` wants it. */
  readonly secret: string
  /** From the first byte sent to the last one read, ms. */
  readonly timeoutMs: number
  /** ms since the epoch, for the signature. */
  readonly now: number
  readonly signal: AbortSignal
}

/** What an endpoint answered; `reason` says why it does not count as told. */
export type PostResult =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly status: number | null; readonly reason: string }

/** What is read of an answer, bytes: enough for `invalid_payload`. */
const longestAnswer = 512

/** Tells one endpoint of one event. Never throws, and never repeats the address, which may be secret. Redirects are not followed. */
export async function postWebhook(
  endpoint: WebhookEndpoint,
  event: WebhookEvent,
  { secret, timeoutMs, now, signal }: PostOptions,
): Promise<PostResult> {
  const body = webhookBody(event, endpoint.format)
  const signed = signatureHeaders({ id: webhookId(event), timestamp: Math.floor(now / 1000), body }, secret)
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'bullpen', ...signed },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const { status } = response
    const answer = await beginningOf(response)
    if (status >= 200 && status < 300) return { ok: true, status }
    return { ok: false, status, reason: withoutAddress(`HTTP ${status}${answer && `: ${answer}`}`, endpoint) }
  } catch (error) {
    return { ok: false, status: null, reason: withoutAddress(reasonOf(error, timeoutMs), endpoint) }
  }
}

/** The first bytes of an answer as one line; the rest is not waited for. */
async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.getReader()
  if (!reader) return ''
  let text = ''
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array }
    if (value) text += Buffer.from(value).subarray(0, longestAnswer).toString('utf8')
    if (done || text.length >= longestAnswer) break
  }
  await reader.cancel()
  return text.slice(0, longestAnswer).replaceAll(/\s+/g, ' ').trim()
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message } = error as Error
  // fetch itself says no more than `fetch failed`.
  const cause = (error as { cause?: { message?: string; code?: string } }).cause
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  return cause?.message || cause?.code || message
}

function withoutAddress(reason: string, { url }: WebhookEndpoint): string {
  const { pathname, search, searchParams } = new URL(url)
  const secrets = [url, `${pathname}${search}`, pathname, ...searchParams.values()].filter(({ length }) => length > 3)
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), reason)
}
