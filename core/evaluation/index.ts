export { decodeOutOfSample, encodeOutOfSample } from './out-of-sample.ts'
export type { OutOfSample } from './out-of-sample.ts'
export {
  blockBootstrapOfSums,
  movingBlockBootstrap,
  percentileInterval,
  quantile,
  shareAtMost,
} from './block-bootstrap.ts'
export type { Bootstrap, BootstrapOptions, Interval } from './block-bootstrap.ts'
export {
  averagePrecision,
  classColumn,
  naiveRocAucOvrWeighted,
  naiveScores,
  oneClass,
  positivesOf,
  requireEveryClass,
  rocAuc,
  rocAucOvrWeighted,
  rocCurve,
} from './ranking-metrics.ts'
export type { RankingOptions, RocPoint } from './ranking-metrics.ts'
export { meanMetrics, scoreCard, scoreRows } from './score-rows.ts'
export type { RowMetrics, ScoredRows } from './score-rows.ts'
export { confusionMatrix, f1Weighted, logLoss, logLosses, predictedTargets } from './verdict-metrics.ts'
