import type { BoosterParameters } from '#core/model'

/**
 * A request's parameters under the names that every XGBoost since 0.6 knows. `base_score` is fixed, because newer
 * versions estimate it from the labels when it is not given and older ones take 0.5: the same request means the same
 * model everywhere.
 */
export function libraryParameters(parameters: BoosterParameters): Record<string, string | number> {
  return {
    objective: parameters.objective,
    ...(parameters.objective === 'multi:softprob' ? { num_class: parameters.classes } : {}),
    base_score: 0.5,
    booster: 'gbtree',
    tree_method: 'hist',
    nthread: 1,
    eta: parameters.learningRate,
    max_depth: parameters.maxDepth,
    min_child_weight: parameters.minChildWeight,
    subsample: parameters.subsample,
    colsample_bytree: parameters.colsampleByTree,
    gamma: parameters.gamma,
    lambda: parameters.lambda,
    alpha: parameters.alpha,
    max_bin: parameters.maxBin,
    seed: parameters.seed,
  }
}
