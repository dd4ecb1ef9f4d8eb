export type { ComputeFeatures, FeatureSet, FeatureStream, FeatureTable, Kernel, KernelState } from './feature-set.ts'
