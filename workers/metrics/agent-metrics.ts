import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AgentFacts, Task } from '#core/protocol'
import type { AttemptResult, TaskWatch } from '../task-watch.ts'

/** What a cache of objects tells of itself; see CachingObjectStore. */
export interface CacheReading {
  readonly bytes: number
  readonly hits: number
  readonly misses: number
}

/** Bounds of task durations, s: from a small fold to an hour of searching. */
const durationBounds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3600]

/** An agent's figures in Prometheus' text format, each with the agent's host and route. */
export class AgentMetrics implements TaskWatch {
  private readonly registry = new Registry()
  private readonly tasks: Counter<'kind' | 'outcome'>
  private readonly seconds: Histogram<'kind'>
  private readonly busy: Gauge
  private readonly leasesLost: Counter

  constructor({ host, route, threads }: AgentFacts, cache?: () => CacheReading) {
    const registers = [this.registry]
    this.registry.setDefaultLabels({ host, route })
    collectDefaultMetrics({ register: this.registry }) // process and event-loop lag among them
    this.tasks = new Counter({
      name: 'bullpen_worker_tasks_total',
      help: 'Attempts ended, by kind of task and outcome (ok, or the code of the error).',
      labelNames: ['kind', 'outcome'],
      registers,
    })
    this.seconds = new Histogram({
      name: 'bullpen_worker_task_seconds',
      help: 'Duration of attempts, their data included.',
      labelNames: ['kind'],
      buckets: durationBounds,
      registers,
    })
    this.leasesLost = new Counter({
      name: 'bullpen_worker_leases_lost_total',
      help: 'Attempts given up because their lease lapsed or went to another worker.',
      registers,
    })
    this.busy = new Gauge({ name: 'bullpen_worker_threads_busy', help: 'Threads at work.', registers })
    new Gauge({ name: 'bullpen_worker_threads', help: 'Threads of the agent.', registers }).set(threads)
    if (cache) this.watchCache(cache)
  }

  started(): void {
    this.busy.inc()
  }

  ended({ name }: Task, { outcome, ms }: AttemptResult): void {
    this.busy.dec()
    this.tasks.inc({ kind: name, outcome })
    this.seconds.observe({ kind: name }, ms / 1000)
    if (outcome === 'LEASE_LOST') this.leasesLost.inc()
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE

  text(): Promise<string> {
    return this.registry.metrics()
  }

  private watchCache(cache: () => CacheReading): void {
    const reading = (name: string, help: string, read: (counts: CacheReading) => number) =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(read(cache()))
        },
      })
    reading('bullpen_worker_cache_bytes', 'Bytes of objects kept on disk.', ({ bytes }) => bytes)
    reading('bullpen_worker_cache_hits', 'Objects read from disk since the agent started.', ({ hits }) => hits)
    reading('bullpen_worker_cache_misses', 'Objects fetched since the agent started.', ({ misses }) => misses)
  }
}
