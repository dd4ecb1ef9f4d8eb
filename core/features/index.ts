export { computeFeatures } from './compute-features.ts'
export { featureSet, featureSetNames } from './feature-sets.ts'
export { openFeatureStream } from './feature-stream.ts'
export type { ComputeFeatures, FeatureSet, FeatureStream, FeatureTable, Kernel, KernelState } from './feature-set.ts'
