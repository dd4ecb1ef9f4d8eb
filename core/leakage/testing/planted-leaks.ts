import type { Pipeline } from './pipeline.ts'
import { leakingFeatures } from './planted-features.ts'
import { leakingFolds, leakingLabels, leakingProcedures, leakingRows } from './planted-procedures.ts'

/** The corpus: pipelines with one planted leak each, under the name of the check that must catch it. */
export const plantedLeaks: Readonly<Record<string, readonly Pipeline[]>> = {
  'features-causal': leakingFeatures,
  'label-reach': leakingLabels,
  'folds-clear': leakingFolds,
  'rows-distinct': leakingRows,
  'shuffled-labels-at-chance': leakingProcedures.slice(0, -1),
  'planted-answer-found': leakingProcedures.slice(-1),
}
