export { toBoosterParameters } from './booster-parameters.ts'
export { pruner, prunerNames } from './pruners/index.ts'
export type { Pruner } from './pruners/pruner.ts'
export { runFit, runFold } from './run-fold.ts'
export type { EarlyStopping, FitOnRows, FoldOnRows, FoldOutcome } from './run-fold.ts'
export { sampler, samplerNames } from './samplers/index.ts'
export type { Sampler } from './samplers/sampler.ts'
export { searchSpace, searchSpaceNames } from './search-space.ts'
export type {
  ChoiceDimension,
  Dimension,
  Parameters,
  RealDimension,
  SearchSpace,
  StepDimension,
} from './search-space.ts'
export { bestTrial, defaultVisibility, rankTrials, runningMean, visibleCount, visibleTrials } from './trial.ts'
export type { FinishedTrial, Visibility } from './trial.ts'
