import type { Telemetry } from 'bullmq'
import type { Route, TaskLedger } from '#core/protocol'
import type { Durations } from './durations.ts'
import type { RedisLink } from './redis-link.ts'
import type { Teller } from './teller.ts'

/** What every consumer of a queue shares. */
export interface ConsumerSettings {
  readonly ledger: TaskLedger
  readonly route: Route
  readonly link: RedisLink
  readonly teller: Teller
  readonly durations: Durations
  readonly onNote: (text: string) => void
  /** Says to other consumers that `worker` has nothing to do. */
  readonly onHungry: (worker: string) => void
  readonly telemetry: Telemetry | undefined
  /** How long a lease holds unless renewed, ms. */
  readonly leaseTtlMs: number
  /** How long without work before the ledger is asked for tasks that no job names, ms. */
  readonly idleAskMs: number
  /** How much work is leased ahead, ms per thread. */
  readonly prefetchMs: number
}
