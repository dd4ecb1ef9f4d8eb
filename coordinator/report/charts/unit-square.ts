import { paint } from '../tokens.ts'
import { axisLook } from './axes.ts'

/** An axis over [0, 1] with a line each quarter: both axes of a chart of shares. */
export const shareAxis = {
  ...axisLook,
  type: 'value' as const,
  min: 0,
  max: 1,
  interval: 0.25,
  nameLocation: 'middle' as const,
}

/** The diagonal of such a chart: chance for a ROC curve, truth for a calibration curve. */
export const diagonal = {
  type: 'line' as const,
  data: [
    [0, 0],
    [1, 1],
  ],
  symbol: 'none',
  silent: true,
  lineStyle: { color: paint.axis, width: 1 },
}
