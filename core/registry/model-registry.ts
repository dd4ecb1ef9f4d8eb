import type { ModelContract } from '#core/model'
import type { Certificate } from './certificate.ts'
import type { CalibrationRecord } from './calibration-record.ts'
import type { Override, PromotionDecision, RecordedDecision } from './promotion-decision.ts'

/** The alias that answers. */
export const championAlias = 'champion'

/** Scores of one model on one set of rows. */
export interface ScoreCard {
  readonly rows: number
  /** Weighted one-vs-rest area under the ROC curve, [0, 1]. */
  readonly rocAucOvrWeighted: number
  readonly f1Weighted: number
  readonly logLoss: number
  /** The AUC of the single number C/P-1 on the same rows (features.md section 7.6), which needs no skill. */
  readonly naiveRocAucOvrWeighted: number
  /** rocAucOvrWeighted - naiveRocAucOvrWeighted. */
  readonly lift: number
}

/**
 * What the procedure that made a model is worth: models made by it from earlier rows alone, scored on later ones. Only
 * this is called out of sample.
 */
export interface OutOfSampleRecord {
  /** Object of the predictions (`OutOfSample` of core/evaluation). */
  readonly predictions: string
  /** `expanding` or `rolling`. */
  readonly window: string
  /** Over the test rows of all steps together. */
  readonly score: ScoreCard
  readonly steps: readonly {
    readonly step: number
    /** Rows the step's model was made from. */
    readonly trainRows: number
    /** Open times of the first and the last row tested, ms. */
    readonly firstOpenTime: number
    readonly lastOpenTime: number
    readonly score: ScoreCard
  }[]
}

/** The immutable record of one model version: enough to reproduce it and to judge it. */
export interface ModelManifest {
  readonly model: { readonly sha256: string; readonly bytes: number; readonly format: 'xgboost-json' }
  readonly contract: ModelContract
  readonly label: { readonly name: string; readonly parameters: Readonly<Record<string, number | string>> }
  readonly data: {
    readonly sha256: string
    readonly source: string
    readonly symbol: string
    readonly widthMs: number
    readonly rows: number
    readonly firstOpenTime: number
    readonly lastOpenTime: number
    readonly gaps: number
  }
  readonly splits: Readonly<Record<string, unknown>>
  readonly search: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly parameters: Readonly<Record<string, number | string>>
  readonly crossValidation: ScoreCard
  readonly heldOut: ScoreCard
  /** Absent when the run had no outer steps. */
  readonly outOfSample?: OutOfSampleRecord
  /** How the contract's calibration and policy were chosen; absent: neither was, the trees' words are taken as they are. */
  readonly calibration?: CalibrationRecord
  /** The object with what drift is measured against; absent in versions older than watching. */
  readonly driftReference?: { readonly sha256: string; readonly bytes: number }
  /** What the model was examined for before it was registered. Versions from before certificates have none. */
  readonly certificate?: Certificate
  readonly engine: { readonly name: string; readonly version: string }
  readonly versions: { readonly bullpen: string; readonly node: string }
  readonly gitCommit: string | null
  readonly runId: string
  /** What a reader must know, e.g. that moving averages look back without bound and are not purged. */
  readonly notes: readonly string[]
}

/** A registered version. Numbers start at 1 and never repeat. */
export interface ModelVersion {
  readonly version: number
  readonly createdAt: number
  readonly manifest: ModelManifest
}

/** One move of an alias; `version` is null when it was taken away. */
export interface AliasMove {
  readonly alias: string
  readonly version: number | null
  /** `rollback` undid an earlier move; every other move, promotion included, is `move`. */
  readonly kind: 'move' | 'rollback'
  /** ms; never earlier than the alias's move before. */
  readonly at: number
  readonly reason: string
  /** Only on a move that was made against the gate. */
  readonly override?: Override
}

/** What publishing does besides registering, in the same transaction. */
export interface Publication {
  /** Moves this alias, which must not be a guarded one. */
  readonly alias?: { readonly name: string; readonly reason: string }
  /** What the gate found. It is kept whichever way it went; one that passed moves its alias. */
  readonly decision?: PromotionDecision
}

/**
 * Model versions, aliases and their history. Publishing is one transaction: a version never exists without its
 * manifest, and an alias never points at nothing. Callers put the model object first and pass its hash
 * (see {@link publishModel}). Safe for concurrent use by many processes.
 *
 * Guarded aliases ({@link isGuarded}) answer people. One moves only with a decision of the promotion gate that passed,
 * names the version and the champion of that moment, and has moved it to nothing yet; or by an override with a written
 * reason; or back to a version it pointed at before (`rollback`). Moving it to where it points changes nothing and needs
 * neither. Database adapters leave the enforcement to the database, whatever program writes to it.
 */
export interface ModelRegistry {
  /**
   * Registers a version, keeps the decision about it and moves aliases. Idempotent per runId: a run that has a version
   * gets that one back and nothing changes, decision and aliases included. Throws MANIFEST_INVALID, the codes of
   * {@link requireCertificate}, ALIAS_INVALID,
   * DECISION_INVALID, MODEL_VERSION_NOT_FOUND for a champion there is not, and PROMOTION_REFUSED (nothing is registered) for a guarded `alias` or when the decision passed
   * against a champion which is no longer the one: judge again.
   */
  publish(manifest: ModelManifest, publication?: Publication): Promise<ModelVersion>
  /** Throws MODEL_VERSION_NOT_FOUND. */
  get(version: number): Promise<ModelVersion>
  /** Newest first. */
  list(): Promise<ModelVersion[]>
  /** The version an alias points at, null when it was never set. */
  resolve(alias: string): Promise<ModelVersion | null>
  /**
   * Moves an alias. An override is kept as a decision of its own; on aliases that nothing guards it means nothing.
   * Throws MODEL_VERSION_NOT_FOUND, ALIAS_INVALID, USAGE for an override without words, and PROMOTION_REFUSED with a
   * `reason` ({@link permittingDecision}) when the gate lets the version not pass.
   */
  moveAlias(
    alias: string,
    version: number,
    reason: string,
    options?: { readonly override?: Override },
  ): Promise<AliasMove>
  /** Every decision about an alias, oldest first. */
  decisions(alias: string): Promise<RecordedDecision[]>
  /**
   * Undoes the last move that is not undone yet: the alias goes back to the distinct version before it, and rolling
   * back again walks further back ({@link rollbackTarget}). With `from` only while the alias points at that version, so
   * that several who saw the same fault undo one move. Throws NO_EARLIER_VERSION, UNKNOWN_NAME, ALIAS_MOVED.
   */
  rollback(alias: string, reason: string, from?: number): Promise<AliasMove>
  /** Oldest first; empty when the alias was never set. */
  history(alias: string): Promise<AliasMove[]>
  /** Every alias with the version it points at now. */
  aliases(): Promise<Readonly<Record<string, number>>>
  /** Who was champion at time `at` (ms)? Null before the first move. */
  resolveAt(alias: string, at: number): Promise<ModelVersion | null>
}

/** What a run needs of a registry. */
export type Publisher = Pick<ModelRegistry, 'resolve' | 'publish' | 'decisions'>
