import { formatTimeframe } from '#core/candles'
import { lateAfterMs, missedEvent, readStandings, type ScheduleStore } from '#core/schedule'
import type { WebhookEvent, WebhookOutbox } from '#core/webhooks'
import { Backoff, pause } from '#platform/attempts'
import type { WebhookCourier } from '#platform/webhooks'
import type { EventHub, ServiceEvent } from '../ports.ts'
import type { ServiceMetrics } from '../metrics/index.ts'

export interface ServiceWebhooksOptions {
  readonly courier: Pick<WebhookCourier, 'start' | 'tell' | 'close'>
  readonly outbox: Pick<WebhookOutbox, 'figures'>
  readonly schedules: Pick<ScheduleStore, 'schedules' | 'runs'>
  readonly events: Pick<EventHub, 'on'>
  readonly metrics: Pick<ServiceMetrics, 'schedules'>
  readonly clock?: () => number
  /** How often schedules are looked at, ms (30,000). */
  readonly everyMs?: number
}

/**
 * Tells webhooks what only a service knows: data is stale, a version was refused when it was to answer, and a due time
 * of a schedule passed without anybody there to run it. Keys are those of the thing, so replicas tell each once.
 * Answers how to stop.
 */
export function openServiceWebhooks(options: ServiceWebhooksOptions): () => Promise<void> {
  const { courier, events, clock = Date.now } = options
  const closing = new AbortController()
  const unfollow = events.on((event) => {
    const told = toldOf(event, clock())
    if (told) void courier.tell(told)
  })
  const work = courier.start().then(() => watchSchedules(options, clock, closing.signal))
  return async () => {
    unfollow()
    closing.abort()
    await work
    await courier.close()
  }
}

function toldOf(event: ServiceEvent, at: number): WebhookEvent | undefined {
  if (event.kind === 'stale' && event.stale) {
    const { symbol, widthMs } = event.series
    const series = `${symbol} ${formatTimeframe(widthMs)}`
    // The grid of the series: each replica looks at a moment of its own.
    const closed = new Date(Math.round((at - event.dataAgeMs) / 60_000) * 60_000).toISOString()
    return { key: `data.stale/${series}/${closed}`, kind: 'data.stale', at, facts: { series, newestClose: closed } }
  }
  if (event.kind === 'model-refused') {
    const { version, code, reason } = event
    const facts = { alias: 'the answering model', version, reason: code, text: reason.slice(0, 500) }
    return { key: `model.refused/serving-${version}-${code}`, kind: 'model.refused', at, facts }
  }
  return undefined
}

/** While the database is away nothing is known, and nothing said: the courier says it. */
async function watchSchedules(
  { courier, outbox, schedules, metrics, everyMs = 30_000 }: ServiceWebhooksOptions,
  clock: () => number,
  signal: AbortSignal,
): Promise<void> {
  const backoff = new Backoff({ firstMs: 1000, longestMs: everyMs })
  while (!signal.aborted) {
    try {
      const standings = await readStandings(schedules, clock())
      metrics.schedules(standings, await outbox.figures(), clock())
      for (const { schedule, due, overdueMs } of standings) {
        if (due === null || overdueMs <= lateAfterMs) continue
        await courier.tell(missedEvent(schedule.name, due, clock(), 'nobody is there to run it'))
      }
      backoff.reset()
      await pause(everyMs, signal)
    } catch {
      await backoff.wait(signal)
    }
  }
}
