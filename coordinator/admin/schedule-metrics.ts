import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { scheduleFigures, scheduleMetrics, type ScheduleMetric, type Standing } from '#core/schedule'
import { webhookFigures, webhookMetrics, type OutboxFigures } from '#core/webhooks'
import { answered } from './answered.ts'

export interface ScheduleSources {
  readonly standings: () => Promise<readonly Standing[]>
  readonly outbox: () => Promise<OutboxFigures>
}

/** How long a scrape waits for the database, ms. */
const timeoutMs = 2000

/** What `bullpen schedule` tells scrapers: how the schedules stand and what waits in the outbox. */
export class ScheduleMetrics {
  readonly contentType: string
  private readonly registry = new Registry()
  private readonly sources: ScheduleSources
  private readonly gauges = new Map<string, Gauge>()
  private readonly up: Gauge

  constructor(sources: ScheduleSources) {
    this.sources = sources
    this.contentType = this.registry.contentType
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.up = new Gauge({
      name: 'bullpen_up',
      help: '1 when the part answered within the time of a scrape',
      labelNames: ['part'],
      registers,
    })
    for (const [name, help] of scheduleMetrics) {
      this.gauges.set(name, new Gauge({ name, help, labelNames: ['schedule'], registers }))
    }
    for (const [name, help] of webhookMetrics) this.gauges.set(name, new Gauge({ name, help, registers }))
  }

  /** What is not known is left out: a zero would be an answer. */
  async text(): Promise<string> {
    const [standings, outbox] = await Promise.all([
      answered(this.sources.standings, timeoutMs),
      answered(this.sources.outbox, timeoutMs),
    ])
    for (const [name] of scheduleMetrics) this.gauges.get(name)!.reset()
    for (const [name] of webhookMetrics) this.gauges.get(name)!.remove()
    this.up.set({ part: 'coordinator' }, 1)
    this.up.set({ part: 'postgres' }, Number(standings.ok))
    for (const standing of standings.ok ? standings.value : []) this.setSchedule(standing)
    if (outbox.ok) {
      for (const [name, value] of Object.entries(webhookFigures(outbox.value, Date.now())))
        this.gauges.get(name)!.set(value)
    }
    return this.registry.metrics()
  }

  private setSchedule(standing: Standing): void {
    const { name: schedule } = standing.schedule
    for (const [name, value] of Object.entries(scheduleFigures(standing)) as [ScheduleMetric, number | null][]) {
      if (value !== null) this.gauges.get(name)!.set({ schedule }, value)
    }
  }
}
