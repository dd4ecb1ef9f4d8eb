import { defineFeatureSet } from '../define-feature-set.ts'
import type { FeatureSet, Kernel } from '../feature-set.ts'
import { averagesKernel } from './averages.ts'
import { closeRatiosKernel } from './close-ratios.ts'
import { referenceColumns } from './columns.ts'
import { fibonacciKernel } from './fibonacci.ts'
import { oscillatorsKernel } from './oscillators.ts'
import { rsiKernel } from './rsi.ts'
import { volatilityKernel } from './volatility.ts'

export const referenceKernels: readonly Kernel[] = [
  averagesKernel,
  rsiKernel,
  oscillatorsKernel,
  volatilityKernel,
  closeRatiosKernel,
  fibonacciKernel,
]

/** The reference system's 243 features; it trains from row 299 on (features.md section 1). */
export const referenceSet: FeatureSet = defineFeatureSet({
  name: 'reference',
  columns: referenceColumns,
  kernels: referenceKernels,
  warmup: 299,
})
