import { randomUUID } from 'node:crypto'
import { Queue, type Telemetry } from 'bullmq'
import type { Route } from '#core/protocol'
import { protocolVersion } from '#core/protocol'
import { batchTasks, type Telling } from './batch-tasks.ts'
import type { Durations } from './durations.ts'
import { isJobData, jobIdOf, jobPriority, maxJobJson, type JobData } from './job-data.ts'
import type { RedisLink } from './redis-link.ts'

/** Every key of BullMQ starts with it. */
export const keyPrefix = 'bullpen'

export interface TellerOptions {
  readonly link: RedisLink
  readonly route: Route
  readonly durations: Durations
  /** How much work one job names, ms. */
  readonly batchMs: number
  readonly onNote: (text: string) => void
  readonly telemetry?: Telemetry | undefined
}

export interface TellOptions {
  /** Threads known to serve the route (default 1). */
  readonly threads?: number
  /** Whether tasks were taken and given back: they go before their equals. */
  readonly isBack?: boolean
  /**
   * Whether nobody knows if they were told: then a job that names the same tasks after the same attempts, told so, is
   * not added twice. Whoever knows that they were not gets a job for sure: an old one on its way out is not in the way.
   */
  readonly isAgain?: boolean
}

/** Jobs in one call: a transaction of Redis, during which it does nothing else (500 jobs take about 20 ms). */
const jobsPerCall = 500

/** Jobs on the queue up to which `heldIds` reads them. */
const mostRead = 5000

/**
 * Tells the route's consumers which tasks wait. What cannot be told (Redis away or full) is noted once and remembered
 * as `missed`; the maintainer tells it later from the ledger.
 */
export class Teller {
  /** Whether something was not told since the last `clearMissed`. */
  missed = false
  readonly #queue: Queue
  readonly #options: TellerOptions
  #isRefused = false

  constructor(options: TellerOptions) {
    this.#options = options
    const { link, route, telemetry } = options
    this.#queue = new Queue(route, {
      connection: link.client,
      prefix: keyPrefix,
      // Nobody reads BullMQ's events: outcomes come from the ledger.
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: {
        // A job that is done or failed has nothing left to say, and kept ones would fill Redis.
        removeOnComplete: true,
        removeOnFail: true,
        // Attempts are the ledger's: a job is told anew instead of being tried again.
        attempts: 1,
        sizeLimit: 2 * maxJobJson,
      },
      ...(telemetry ? { telemetry } : {}),
    })
    this.#queue.on('error', () => undefined) // RedisLink tells of lost connections
  }

  /** Resolves when BullMQ has looked at Redis; one that could not at first never works again. */
  async ready(): Promise<void> {
    await this.#options.link.orLost(this.#queue.waitUntilReady())
  }

  /** Answers how many were told: all, or those before the first call that Redis refused. Never rejects. */
  async tell(tasks: readonly Telling[], options: TellOptions = {}): Promise<number> {
    const { link, durations, batchMs: jobMs } = this.#options
    const batches = batchTasks(tasks, { jobMs, threads: options.threads ?? 1, meanMs: (kind) => durations.mean(kind) })
    let told = 0
    for (let i = 0; i < batches.length; i += jobsPerCall) {
      const call = batches.slice(i, i + jobsPerCall)
      if (!link.isUp) {
        this.missed = true
        return told
      }
      try {
        await link.orLost(this.#queue.addBulk(call.map((batch) => jobOf(batch, options))))
      } catch (error) {
        this.#refused(error, tasks.length - told)
        return told
      }
      told += call.reduce((sum, batch) => sum + batch.length, 0)
    }
    if (this.#isRefused && told > 0) {
      this.#isRefused = false
      this.#options.onNote(`Redis at ${link.describe} takes tasks again`)
    }
    return told
  }

  clearMissed(): void {
    this.missed = false
  }

  /** Ids of tasks that some job on the queue names; undefined when there are more than 5,000 jobs. */
  async heldIds(): Promise<ReadonlySet<string> | undefined> {
    const states = ['wait', 'prioritized', 'delayed', 'active'] as const
    if ((await this.#queue.getJobCountByTypes(...states)) > mostRead) return undefined
    const jobs = await this.#queue.getJobs([...states], 0, mostRead)
    // A job may be gone between the two readings of it.
    return new Set(jobs.flatMap((job) => (isJobData(job?.data) ? job.data.ids : [])))
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined)
  }

  #refused(error: unknown, tasks: number): void {
    const { link, onNote } = this.#options
    this.missed = true
    if (this.#isRefused || !link.isUp) return
    this.#isRefused = true
    const reason = link.reasonOf(error)
    const what = /\bOOM\b/.test(reason) ? 'is out of memory' : `refuses tasks (${reason})`
    onNote(`Redis at ${link.describe} ${what}: ${tasks} tasks wait in the database until it takes them`)
  }
}

function jobOf(batch: readonly Telling[], { isBack = false, isAgain = false }: TellOptions) {
  const ids = batch.map(({ id }) => id)
  const { kind, priority, attempts } = batch[0]!
  const data: JobData = { protocolVersion, ids, kinds: [kind] }
  const jobId = isAgain ? jobIdOf(ids, attempts) : randomUUID()
  const front = isBack || attempts > 0
  return { name: kind, data, opts: { jobId, priority: jobPriority(priority, front) } }
}
