import type { SearchForecast } from '#core/cost'
import type { BullpenError } from '#core/errors'
import type { ObjectStore, Publisher, ShardIndex } from '#core/registry'
import type { RunRecord } from '../holds/index.ts'
import type { ProgressListener } from '../progress.ts'
import type { TaskClient } from '../tasks/index.ts'

/** What a search asks before each trial. */
export interface SearchLimit {
  mayAsk(forecast: SearchForecast): boolean
  /** How long the run has been at it, s. */
  elapsedSeconds(): number
  /** The error of a search that cannot have its first trial. */
  tooSmall(): BullpenError
  /** Trials known from before: they cost nothing. */
  readonly knownTrials: number
}

/** What a training run works with; all of it opened and closed by the caller. */
export interface TrainingServices {
  readonly runs: RunRecord
  readonly registry: Publisher
  readonly objects: ObjectStore
  /** Features computed before, by whatever run. */
  readonly shards: ShardIndex
  readonly tasks: TaskClient
  readonly progress: ProgressListener
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly threads: number
  /** What the search may spend; absent: as much as it likes. */
  readonly limit?: SearchLimit
  /** Private key (PEM) that signs certificates, made on first use. Throws TOKEN_FILE_UNSAFE. */
  readonly signingKey: () => Promise<string>
}
