import { expect, test } from '@jest/globals'
import type { WebhookEvent } from '#core/webhooks'
import { MemoryScheduleStore, MemoryWebhookOutbox } from '#platform/memory'
import { ServiceEvents } from '../../events/service-events.ts'
import { ServiceMetrics } from '../../metrics/index.ts'
import { openServiceWebhooks } from '../service-webhooks.ts'

const minute = 60_000
const due = Date.parse('2026-11-23T06:00:00Z')
const noFigures = { series: [], listeners: 0, isReady: true }

test('a service tells of stale data, a refused version and a week nobody ran, by keys that replicas share', async () => {
  const schedules = new MemoryScheduleStore()
  await schedules.declare('weekly', '0 6 * * 1', due - minute)
  const told = new Map<string, WebhookEvent>()
  let wasMissed: () => void = () => undefined
  const missed = new Promise<void>((resolve) => (wasMissed = resolve))
  const courier = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    tell: (event: WebhookEvent) => {
      told.set(event.key, event)
      if (event.kind === 'schedule.missed') wasMissed()
      return Promise.resolve()
    },
  }
  const events = new ServiceEvents({ onListenerError: () => undefined })
  const metrics = new ServiceMetrics()
  const open = (skewMs: number) =>
    openServiceWebhooks({
      courier,
      outbox: new MemoryWebhookOutbox(),
      schedules,
      events,
      metrics,
      clock: () => due + 20 * minute + skewMs,
    })
  const replicas = [open(0), open(700)]
  await missed
  const series = { symbol: 'BTC/USDT', widthMs: 240 * minute }
  events.emit({ kind: 'stale', series, stale: true, dataAgeMs: 500 * minute })
  events.emit({ kind: 'stale', series, stale: false, dataAgeMs: 0 })
  events.emit({ kind: 'model-refused', version: 7, code: 'OBJECT_CORRUPT', reason: 'hashes differ' })
  await Promise.all(replicas.map((close) => close()))
  expect([...told.keys()].sort()).toEqual([
    'data.stale/BTC/USDT 4h/2026-11-22T22:00:00.000Z',
    'model.refused/serving-7-OBJECT_CORRUPT',
    'schedule.missed/weekly/2026-11-23T06:00:00.000Z',
  ])
  const text = await metrics.text(noFigures)
  expect(text).toMatch(/bullpen_schedule_overdue_seconds\{schedule="weekly"\} 1200/)
  expect(text).toContain('bullpen_webhooks_pending 0')
})

test('a due time that nobody runs is told of after a quarter of an hour, not before', async () => {
  const schedules = new MemoryScheduleStore()
  await schedules.declare('weekly', '0 6 * * 1', due - minute)
  let [now, looks] = [due + 14 * minute, 0]
  const read = schedules.schedules.bind(schedules)
  schedules.schedules = () => {
    if (++looks === 3) now = due + 16 * minute
    return read()
  }
  let wasTold: (event: WebhookEvent) => void = () => undefined
  const first = new Promise<WebhookEvent>((resolve) => (wasTold = resolve))
  const tell = (event: WebhookEvent) => {
    wasTold(event)
    return Promise.resolve()
  }
  const close = openServiceWebhooks({
    courier: { start: () => Promise.resolve(), close: () => Promise.resolve(), tell },
    outbox: new MemoryWebhookOutbox(),
    schedules,
    events: new ServiceEvents({ onListenerError: () => undefined }),
    metrics: new ServiceMetrics(),
    clock: () => now,
    everyMs: 5,
  })
  expect(await first).toMatchObject({ kind: 'schedule.missed', at: due + 16 * minute })
  await close()
})
