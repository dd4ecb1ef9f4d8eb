import type { LoggedVerdict } from './client-types.ts'
import { errorOf, unreachable } from './service-error.ts'

/** What GET /v1/events tells, each with the id under which to go on after it. */
export type ServiceEvent =
  | { readonly id: string; readonly kind: 'verdict'; readonly data: Omit<LoggedVerdict, 'id'> }
  | {
      readonly id: string
      readonly kind: 'model'
      readonly data: { readonly version: number; readonly before: number | null; readonly sha256: string }
    }
  | {
      readonly id: string
      readonly kind: 'model-refused'
      readonly data: { readonly version: number; readonly code: string; readonly reason: string }
    }
  | {
      readonly id: string
      readonly kind: 'rollback'
      readonly data: { readonly from: number; readonly to: number; readonly reason: string }
    }
  | {
      readonly id: string
      readonly kind: 'stale'
      readonly data: {
        readonly symbol: string
        readonly timeframe: string
        readonly stale: boolean
        readonly dataAgeMs: number
      }
    }
  | {
      readonly id: string
      readonly kind: 'drift'
      readonly data: {
        readonly symbol: string
        readonly timeframe: string
        readonly version: number
        /** The model does worse, as against its inputs having changed. */
        readonly adverse: boolean
        /** What is beyond its limit; nothing when the drift is over. */
        readonly measures: readonly { readonly metric: string; readonly value: number; readonly limit: number }[]
      }
    }

export interface EventOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal
  /** Id of the last event that was heard: the stream begins with what came after it. */
  readonly after?: string
  /** Pause before connecting again, ms; 1,000 unless given. */
  readonly retryMs?: number
  /** Called each time the service has begun to stream. */
  readonly onOpen?: () => void
}

/**
 * Events of the service, from now on or after one that was heard. A connection that ends is opened again, and goes on
 * where it was; a refusal is thrown as ServiceError. Ends when the signal aborts or the caller stops.
 */
export async function* serviceEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  { signal, after, retryMs = 1000, onOpen }: EventOptions = {},
): AsyncGenerator<ServiceEvent, void, undefined> {
  let lastId = after
  let isFirst = true
  const isOver = (): boolean => signal?.aborted === true
  while (!isOver()) {
    try {
      const response = await connect(
        url,
        { ...headers, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
        signal,
      )
      isFirst = false
      onOpen?.()
      for await (const event of eventsOf(response)) {
        lastId = event.id
        yield event
      }
    } catch (error) {
      if (isOver()) return
      // Before the first answer nobody knows that there is a service at all.
      if (isFirst || !isPassing(error)) throw error
    }
    await pause(retryMs, signal)
  }
}

async function connect(url: string, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  const request = { headers: { ...headers, accept: 'text/event-stream' }, ...(signal ? { signal } : {}) }
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw unreachable(url, cause)
  })
  if (response.ok && response.body) return response
  throw errorOf(await response.json().catch(() => undefined), response.status, url)
}

/** Parsed as the standard says (html.spec.whatwg.org, "Server-sent events"), with what this service sends of it. */
async function* eventsOf(response: Response): AsyncGenerator<ServiceEvent, void, undefined> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const event = parse(block)
      if (event) yield event
    }
  }
}

function parse(block: string): ServiceEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    }),
  )
  const [id, kind, data] = [fields.get('id'), fields.get('event'), fields.get('data')]
  if (id === undefined || kind === undefined || data === undefined) return undefined
  return { id, kind, data: JSON.parse(data) as unknown } as ServiceEvent
}

function isPassing(error: unknown): boolean {
  return !(error instanceof Error) || !('retryable' in error) || error.retryable === true
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
