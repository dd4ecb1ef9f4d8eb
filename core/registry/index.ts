export type { AliasMove, ModelManifest, ModelRegistry, ModelVersion, ScoreCard } from './model-registry.ts'
export type { ObjectStore } from './object-store.ts'
export type { Run, RunState, RunStore, TrialRecord } from './run-store.ts'
