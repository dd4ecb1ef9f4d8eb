import type { Service } from './service.ts'
import { ServiceError, SseLines, type StreamedEvent } from '#client'

/**
 * The connection as a reader sees it.
 *
 *   connecting ──▶ live ──▶ waiting ──▶ connecting ...     any ──▶ refused (a key is needed; ends)
 *       └───────────────────▲ (could not connect, or cut off)
 */
export type Connection =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'waiting'; readonly retryAt: number }
  | { readonly state: 'refused' }

export interface EventStreamListener {
  onEvent(event: StreamedEvent): void
  onConnection(connection: Connection): void
}

const firstWaitMs = 1000
const longestWaitMs = 30_000
/** The service writes a comment every few seconds; a stream silent for longer than this is dead, whatever TCP says. */
const silenceMs = 45_000

/**
 * Follows `GET /v1/events` until stopped: reconnects after 1, 2, 4 ... 30 s, asks for what it missed by the id of the
 * last event, and counts from 1 s again once a connection stands.
 */
export function followEvents(service: Service, listener: EventStreamListener): () => void {
  const stopped = new AbortController()
  void follow(service, listener, stopped.signal)
  return () => {
    stopped.abort()
  }
}

async function follow(service: Service, listener: EventStreamListener, stopped: AbortSignal): Promise<void> {
  const progress = { lastEventId: '', waitMs: firstWaitMs }
  while (!stopped.aborted) {
    listener.onConnection({ state: 'connecting' })
    try {
      await readUntilCutOff(service, listener, stopped, progress)
    } catch (error) {
      if (error instanceof ServiceError && (error.status === 401 || error.status === 403)) {
        listener.onConnection({ state: 'refused' })
        return
      }
    }
    if (stopped.aborted) return
    listener.onConnection({ state: 'waiting', retryAt: Date.now() + progress.waitMs })
    await pause(progress.waitMs, stopped)
    progress.waitMs = Math.min(progress.waitMs * 2, longestWaitMs)
  }
}

async function readUntilCutOff(
  service: Service,
  listener: EventStreamListener,
  stopped: AbortSignal,
  progress: { lastEventId: string; waitMs: number },
): Promise<void> {
  const silence = new AbortController()
  const signal = AbortSignal.any([stopped, silence.signal])
  const giveUp = (): void => {
    silence.abort()
  }
  let watchdog = setTimeout(giveUp, silenceMs)
  try {
    const response = await service.events(progress.lastEventId, signal)
    const lines = new SseLines()
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    listener.onConnection({ state: 'live' })
    progress.waitMs = firstWaitMs
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(watchdog)
      watchdog = setTimeout(giveUp, silenceMs)
      for (const event of lines.push(value)) {
        if (event.id !== '') progress.lastEventId = event.id
        listener.onEvent(event)
      }
    }
  } finally {
    clearTimeout(watchdog)
  }
}

/** Waits, or less: until stopped, or until the browser says it is online again. */
function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    function end(): void {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      stopped.removeEventListener('abort', end)
      resolve()
    }
    window.addEventListener('online', end)
    stopped.addEventListener('abort', end)
  })
}
