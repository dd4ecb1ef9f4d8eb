export { keyScopes } from './api-keys.ts'
export type { ApiKey, ApiKeys, KeyScope, StoredApiKey } from './api-keys.ts'
export { checkAliasName, checkPointsAt, rollbackTarget } from './alias-moves.ts'
export type { ActedRows, CalibrationMeasures, CalibrationRecord, Coverage, Reliability } from './calibration-record.ts'
export { checkOverride, incumbentOf, isGuarded, permittingDecision } from './guarded-alias.ts'
export { CertificateSchema, isSigned, newSigningKey, requireCertificate, signCertificate } from './certificate.ts'
export type { Certificate, CertificateStatement, LeakCheck } from './certificate.ts'
export { loadForest, loadModel } from './load-model.ts'
export { checkManifest } from './manifest-schema.ts'
export { championAlias } from './model-registry.ts'
export type {
  AliasMove,
  ModelManifest,
  ModelRegistry,
  ModelVersion,
  OutOfSampleRecord,
  Publication,
  Publisher,
  ScoreCard,
} from './model-registry.ts'
export { checkDecision, passes } from './promotion-decision.ts'
export type {
  MeasuredDifference,
  Override,
  PromotionDecision,
  PromotionEvidence,
  PromotionReason,
  RecordedDecision,
} from './promotion-decision.ts'
export type { ChangeFeed, ChangeTopic } from './change-feed.ts'
export type { HostAgent, Hosts } from './hosts.ts'
export { snapshotsKept } from './feature-snapshots.ts'
export type { FeatureSnapshot, FeatureSnapshots, SnapshotSeries } from './feature-snapshots.ts'
export { isObjectName } from './object-store.ts'
export type { ObjectStore } from './object-store.ts'
export type { GivenVerdict, PredictionLog, VerdictQuery } from './prediction-log.ts'
export { publishModel } from './publish-model.ts'
export type { ShardEntry, ShardIndex } from './shard-index.ts'
export { trialOfKey } from './run-store.ts'
export type {
  DataSetRecord,
  HoldState,
  Run,
  RunHolder,
  RunState,
  RunStore,
  TimeSpan,
  TrialCount,
  TrialRecord,
} from './run-store.ts'
export type { DriftAction, DriftActionKind, DriftActions, Reinstatement } from './drift-actions.ts'
