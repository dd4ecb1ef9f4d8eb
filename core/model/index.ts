export type { Booster, BoosterParameters, FitRequest, FittedModel, Matrix } from './booster.ts'
export type { ModelContract } from './model-bundle.ts'
