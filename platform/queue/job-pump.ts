import { Worker, type Job } from 'bullmq'
import type { Route } from '#core/protocol'
import { Backoff } from '#platform/attempts'
import { isJobData } from './job-data.ts'
import type { RedisLink } from './redis-link.ts'
import { keyPrefix } from './teller.ts'

export interface JobPumpOptions {
  readonly link: RedisLink
  readonly route: Route
  readonly worker: string
  /** How many more tasks are wanted now. */
  readonly room: () => number
  /** Resolves when `room` may be above 0. */
  readonly whenRoom: () => Promise<void>
  /** Leases a job's tasks; resolves when that is decided. `trace` is where the job's trace goes on. */
  readonly take: (ids: readonly string[], trace: string | undefined) => Promise<void>
  readonly onNote: (text: string) => void
}

/**
 * Takes jobs off the queue, one at a time and only while there is room, and ends a job as soon as its tasks are leased:
 * from then on the lease is what holds a task. So no job outlives the few ms between the two, and no long trial
 * depends on a lock of BullMQ's.
 *
 * BullMQ's defaults that would lose work here:
 * - `maxStalledCount` 1: a job whose taker dies twice in those ms would be failed, that is removed. Unlimited here.
 * - `lockDuration` 30 s: leases may take longer while the database is away; then the job goes back to the queue and is
 *   taken twice, which the ledger tells apart. A minute, so that this stays rare. Nobody renews a lock.
 * - `drainDelay` 5 s: how long a worker blocks on an empty queue. A wake-up lost with a killed worker costs that much.
 */
export class JobPump {
  readonly #options: JobPumpOptions
  #worker: Worker
  readonly #stopped = new AbortController()
  readonly #taking = new Set<Promise<void>>()
  readonly #running: Promise<void>
  #tokens = 0
  #hasNoted = false

  constructor(options: JobPumpOptions) {
    this.#options = options
    this.#worker = newWorker(options)
    this.#running = this.#run()
  }

  /** Takes no more; resolves when jobs in hand are decided on. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    // By force: it is blocked waiting for a job that must not come.
    await this.#worker.close(true).catch(() => undefined)
    await this.#running
    await Promise.all(this.#taking)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    const { link, whenRoom, room } = this.#options
    const backoff = new Backoff({ firstMs: 100 })
    while (!signal.aborted) {
      await whenRoom()
      if (signal.aborted) return
      if (!link.isUp) {
        await backoff.wait(signal)
        continue
      }
      const token = `${this.#worker.id}-${this.#tokens++}`
      let job: Job | undefined
      try {
        job = await this.#worker.getNextJob(token)
        backoff.reset()
      } catch (error) {
        // Redis is away or full: the consumer asks the ledger itself meanwhile.
        await backoff.wait(signal)
        if (!/\bOOM\b/.test(link.reasonOf(error)) && !signal.aborted) this.#renewWorker()
      }
      if (!job) continue
      // What was wanted when the wait began may not be wanted any more.
      if (signal.aborted || room() <= 0) await job.moveToWait(token).catch(() => undefined)
      else this.#take(job, token)
    }
  }

  /** A worker of BullMQ's that lost Redis before it was ready fails for ever (seen with 6.7.0). */
  #renewWorker(): void {
    this.#worker.close(true).catch(() => undefined)
    this.#worker = newWorker(this.#options)
  }

  #take(job: Job, token: string): void {
    const taking = this.#decide(job, token).finally(() => this.#taking.delete(taking))
    this.#taking.add(taking)
  }

  async #decide(job: Job, token: string): Promise<void> {
    const data: unknown = job.data
    if (isJobData(data)) {
      const { telemetry } = job.opts as { telemetry?: { metadata?: string } }
      await this.#options.take(data.ids, telemetry?.metadata)
    } else if (!this.#hasNoted) {
      this.#hasNoted = true
      this.#options.onNote(`job ${String(job.id)} on ${this.#options.route} is not one of bullpen's: ignored`)
    }
    // It may be gone by now (Redis flushed) or another's (the database was away for a minute): nothing depends on it.
    await job.moveToCompleted(null, token, false).catch(() => undefined)
  }
}

function newWorker({ link, route, worker: name }: JobPumpOptions): Worker {
  const worker = new Worker(route, null, {
    connection: link.client,
    prefix: keyPrefix,
    name,
    autorun: false,
    skipLockRenewal: true,
    lockDuration: 60_000,
    stalledInterval: 30_000,
    maxStalledCount: 1_000_000_000,
    drainDelay: 2,
    runRetryDelay: 500,
  })
  worker.on('error', () => undefined) // RedisLink tells of lost connections
  void worker.startStalledCheckTimer().catch(() => undefined)
  return worker
}
