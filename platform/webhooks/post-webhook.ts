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

/** What is kept of an answer, characters: enough for `invalid_payload`. */
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
    const answer = withoutAddress(await beginningOf(response, endpoint.url.length), endpoint).slice(0, longestAnswer)
    if (status >= 200 && status < 300) return { ok: true, status }
    return { ok: false, status, reason: `HTTP ${status}${answer && `: ${answer}`}` }
  } catch (error) {
    return { ok: false, status: null, reason: withoutAddress(reasonOf(error, timeoutMs), endpoint) }
  }
}

/** The beginning of an answer as one line, with `more` beyond what is kept: no secret in it is cut in two unseen. The rest is not waited for. */
async function beginningOf({ body }: Response, more: number): Promise<string> {
  const reader = body?.getReader()
  if (!reader) return ''
  const most = longestAnswer + more
  let text = ''
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array }
    if (value) text += Buffer.from(value).subarray(0, most).toString('utf8')
    if (done || text.length >= most) break
  }
  await reader.cancel()
  return text.slice(0, most).replaceAll(/\s+/g, ' ').trim()
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message } = error as Error
  // fetch itself says no more than `fetch failed`.
  const cause = (error as { cause?: { message?: string; code?: string } }).cause
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  return cause?.message || cause?.code || message
}

/** Without the address, its path and query, and the parts of those that may be a token (Slack's path, Telegram's `bot<token>`). */
function withoutAddress(reason: string, { url }: WebhookEndpoint): string {
  const { pathname, search, searchParams } = new URL(url)
  const parts = pathname.split('/').flatMap((part) => [part, part.replace(/^bot/, '')])
  const secrets = [url, `${pathname}${search}`, pathname, ...parts, ...searchParams.values()]
  return secrets.filter(({ length }) => length > 3).reduce((shown, secret) => shown.replaceAll(secret, '***'), reason)
}
