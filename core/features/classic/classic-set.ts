import { defineFeatureSet } from '../define-feature-set.ts'
import type { FeatureSet, Kernel } from '../feature-set.ts'
import { bandsKernel } from './bands.ts'
import { calendarKernel } from './calendar.ts'
import { ichimokuKernel } from './ichimoku.ts'
import { momentumKernel } from './momentum.ts'
import { trendKernel } from './trend.ts'
import { volumeKernel } from './volume.ts'

/**
 * The standard indicators, NaN until their windows are full. Each has its own kernel rather than the npm package
 * `technicalindicators`, which is their test oracle: its live objects cannot be saved, and replaying a finite window
 * through it costs 16 to 110 microseconds a value (measured: Williams %R 16, Stochastic 24, CCI 26, Bollinger 35,
 * Ichimoku 111) where the 243 reference features together take 11; its RSI and MFI are rounded to 2 decimals.
 */
export const classicKernels: readonly Kernel[] = [
  momentumKernel,
  trendKernel,
  bandsKernel,
  ichimokuKernel,
  volumeKernel,
  calendarKernel,
]

/** After 200 rows Wilder's 14-row averages hold less than 1e-6 of what they started with ((13/14)^187 = 1e-6). */
export const classicSet: FeatureSet = defineFeatureSet({
  name: 'classic',
  columns: classicKernels.flatMap((kernel) => kernel.columns),
  kernels: classicKernels,
  warmup: 200,
})
