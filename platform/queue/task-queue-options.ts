import type { Telemetry } from 'bullmq'
import type { Route, TaskLedger } from '#core/protocol'
import type { RedisTls } from './redis-address.ts'

/** How to open a queue; times are in ms, with their defaults in parentheses. */
export interface OpenTaskQueueOptions {
  /** `redis[s]://[user:password@]host[:port][/database]`. */
  readonly url: string
  /** For a `rediss://` address. */
  readonly tls?: RedisTls | undefined
  /** Which agents the tasks are for. */
  readonly route: Route
  readonly ledger: TaskLedger
  /** Told what the user should know: Redis lost, back, full. Never holds a password. */
  readonly onNote: (text: string) => void
  /** BullMQ's telemetry, e.g. `new BullMQOtel(...)`; tasks then run in spans whose parent is that of `enqueue`. */
  readonly telemetry?: Telemetry | undefined
  /** How long opening may take, ms (5,000). */
  readonly connectTimeoutMs?: number
  /** How often the ledger is asked for outcomes that hints missed, ms (2,000). */
  readonly pollMs?: number
  /** How long a lease holds unless renewed, ms (30,000). */
  readonly leaseTtlMs?: number
  /** How often leases are checked for having lapsed and Redis for having lost data, ms (1,000). */
  readonly maintainEveryMs?: number
  /** After how long a waiting task that no job names is told again, ms (30,000). */
  readonly retellAfterMs?: number
  /** After how long without work a consumer asks the ledger itself, ms (1,000). */
  readonly idleAskMs?: number
  /** How much work is leased ahead, ms per thread (50). */
  readonly prefetchMs?: number
  /** How much work one job names, ms (250); 0 gives every task a job of its own. */
  readonly batchMs?: number
  /** How long `cancel` and `forget` wait for other processes, ms (1,000). */
  readonly ackTimeoutMs?: number
}
