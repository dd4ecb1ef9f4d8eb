import type { ErrorData } from '#core/errors'

/** Stages a run passes through, in order; `done`, `failed` and `interrupted` end it. */
export type RunState =
  'created' | 'features' | 'selection' | 'search' | 'fit' | 'register' | 'done' | 'failed' | 'interrupted'

/** One training run. `spec` is everything that decides its outcome; it never changes after creation. */
export interface Run {
  readonly id: string
  readonly state: RunState
  readonly spec: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly error: ErrorData | null
  /** What the run ended with, for reports and dashboards. */
  readonly summary: Readonly<Record<string, unknown>> | null
}

/** The coordinator that works on a run. */
export interface RunHolder {
  readonly holder: string
  /** When the hold lapses unless renewed, ms since the epoch. */
  readonly expiresAt: number
}

/** A stretch of time, ms since the epoch. */
export interface TimeSpan {
  readonly from: number
  readonly until: number
}

/**
 * What a renewal found out: the hold goes on, it goes on but somebody asked for the run to be stopped, or somebody
 * else has had the run since.
 */
export type HoldState = 'held' | 'cancel' | 'lost'

/** One finished trial as stored for people and dashboards. */
export interface TrialRecord {
  readonly number: number
  readonly state: 'complete' | 'pruned' | 'failed'
  readonly parameters: Readonly<Record<string, number | string>>
  readonly score: number | null
  readonly metrics: Readonly<Record<string, number>>
  readonly folds: readonly { readonly fold: number; readonly metrics: Readonly<Record<string, number>> }[]
  readonly durationMs: number
}

/** Sets of parameters that a run scored, whatever became of them and of it. */
export interface TrialCount {
  readonly runId: string
  /** In the search of the model it was to register. */
  readonly search: number
  /** In the searches of its outer steps. */
  readonly outer: number
}

/**
 * Matches the key of a task that scored a set of parameters on one fold and captures the name of the trial, `outer-2/search/trial-7`
 * of `outer-2/search/trial-7/fold-1@0f...`. JavaScript and PostgreSQL read it alike.
 */
export const trialOfKey = '^((?:outer-[0-9]+/)?search/trial-[0-9]+)/fold-[0-9]+(?:@|$)'

/** A data set a run used. `sha256` is the hash of its content and its key in the object store. */
export interface DataSetRecord {
  readonly kind: string
  readonly sha256: string
  readonly rows: number
  readonly columns: number
}

/**
 * Durable state of runs, written as the run goes. Task results are keyed by a deterministic task key: a resumed run
 * makes the same plan, finds the results it already has, and repeats only what was in flight.
 *
 * What is stored is JSON: members that are undefined are left out and non-finite numbers become null. Everything that
 * names a run throws RUN_NOT_FOUND when there is none; database adapters throw DATABASE_UNAVAILABLE.
 */
export interface RunStore {
  /** Throws RUN_EXISTS. */
  create(id: string, spec: Readonly<Record<string, unknown>>): Promise<Run>
  get(id: string): Promise<Run>
  /** Newest first. */
  list(limit: number): Promise<Run[]>
  /**
   * Any state may follow any other: a failed run that is resumed works again. The error is that of
   * this transition, a summary stays until replaced.
   */
  transition(
    id: string,
    state: RunState,
    more?: { error?: ErrorData; summary?: Readonly<Record<string, unknown>> },
    /** Token of the caller's hold: the transition is made only while it is the current one, else RUN_HOLD_LOST. */
    hold?: string,
  ): Promise<void>
  /**
   * Takes the run for one coordinator, until `ttlMs` from now by the store's clock, and answers the token of the hold.
   * Throws RUN_HELD while another holder's has not lapsed; `holder` names the process for people, and the same holder
   * asking again gets a new token. A hold of exactly `takeOverFrom`, a holder the caller knows to be dead, does not
   * stand in the way.
   */
  hold(id: string, holder: string, ttlMs: number, options?: { readonly takeOverFrom?: string }): Promise<string>
  /**
   * Prolongs a hold by `ttlMs` from now. One that has lapsed goes on when nobody has taken the run since, so that a
   * holder cut off from the store for a while need not start again; a hold given back is lost.
   */
  renewHold(id: string, token: string, ttlMs: number): Promise<HoldState>
  /** Asks the holder to stop the run: its next renewals say so. False when nobody holds the run now. */
  requestCancel(id: string): Promise<boolean>
  /** Gives a hold back; of a token that is not current, nothing. */
  releaseHold(id: string, token: string): Promise<void>
  /** Who holds the run now, null when nobody does. */
  holder(id: string): Promise<RunHolder | null>
  /**
   * When the run was held, by whomever, in order and apart: each time until its hold was given back or renewed last, by
   * the store's clock.
   */
  heldTimes(id: string): Promise<TimeSpan[]>
  /** Idempotent: the first result for a key stays. */
  recordTask(id: string, key: string, result: unknown): Promise<void>
  taskResults(id: string): Promise<ReadonlyMap<string, unknown>>
  /** Idempotent by trial number. */
  recordTrial(id: string, trial: TrialRecord): Promise<void>
  /** By trial number, the folds of each by fold. */
  trials(id: string): Promise<TrialRecord[]>
  /**
   * Every run on the candles of one symbol and width, by what its spec says of them, in the order of creation. A trial counts from
   * its first scored fold on, so those of runs that failed or were stopped count as well. Empty for a series nobody trained on.
   */
  trialCounts(series: { readonly symbol: string; readonly widthMs: number }): Promise<TrialCount[]>
  /** One line per (run, kind, hash): data sets a run used. */
  recordDataSet(id: string, dataSet: DataSetRecord): Promise<void>
  /** In the order they were recorded. */
  dataSets(id: string): Promise<DataSetRecord[]>
}
