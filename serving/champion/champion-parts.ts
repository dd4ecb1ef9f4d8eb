import type { ModelRegistry, ObjectStore } from '#core/registry'
import type { Logger } from '#platform/logging'
import type { EventHub, SeriesBook, SeriesKey } from '../ports.ts'
import type { ModelCache } from './model-cache.ts'
import type { ReadForest } from './read-forest.ts'
import { defaultRehearsalLimits, type RehearsalLimits } from './rehearse.ts'
import { defaultWatchLimits, type WatchLimits } from './watchdog.ts'

/** What a holder of champions works with. */
export interface ChampionParts {
  readonly registry: Pick<ModelRegistry, 'history' | 'get' | 'rollback'>
  readonly objects: Pick<ObjectStore, 'get' | 'describe'>
  readonly book: Pick<SeriesBook, 'serve' | 'recentFeatures'>
  readonly cache: ModelCache
  readonly readForest: ReadForest
  readonly events: Pick<EventHub, 'emit'>
  readonly logger: Logger
}

/** An alias whose model answers. */
export interface AliasToServe {
  readonly alias: string
  /**
   * The series its models must be for. Unless given, that of the first model that answers, until the process ends: give
   * it where replicas come and go, so that all refuse the same.
   */
  readonly series?: SeriesKey | undefined
}

export interface ChampionOptions {
  readonly rehearsal: RehearsalLimits
  readonly watch: WatchLimits
  /** Between two looks at the registry when nothing is told, ms. */
  readonly pollMs: number
  /** Pause before trying again what is away, ms: the first, doubled each time up to the longest. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** After so long without an answer the registry, or the object store, counts as away, ms. */
  readonly registryMs: number
  readonly objectsMs: number
  /** How long a start waits for the registry before the cached model answers, ms. */
  readonly startMs: number
  /** ms since the epoch. */
  readonly clock: () => number
}

export const defaultChampionOptions: ChampionOptions = {
  rehearsal: defaultRehearsalLimits,
  watch: defaultWatchLimits,
  pollMs: 5_000,
  firstPauseMs: 250,
  longestPauseMs: 10_000,
  registryMs: 10_000,
  objectsMs: 60_000,
  startMs: 3_000,
  clock: Date.now,
}
