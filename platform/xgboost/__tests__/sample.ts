import { Random } from '#core/random'
import type { BoosterParameters, FitRequest } from '#core/model'

/** Rows whose class depends on two of their columns, with noise; a tenth of the values missing. */
export function sampleRequest(rows: number, columns: number, parameters: Partial<BoosterParameters> = {}): FitRequest {
  const random = Random.of('boosters', rows, columns)
  const data = new Float32Array(new SharedArrayBuffer(rows * columns * 4))
  for (let i = 0; i < data.length; i++) data[i] = random.below(10) === 0 ? NaN : random.normal()
  const classes = parameters.objective === 'binary:logistic' ? 2 : 3
  const labels = Float32Array.from({ length: rows }, (_, row) => {
    const score = (data[row * columns] || 1) + 0.5 * (data[row * columns + 1] || 0) + 0.5 * random.normal()
    return score > 0.5 ? classes - 1 : classes === 3 && score > -0.5 ? 1 : 0
  })
  return { matrix: { rows, columns, data }, labels, parameters: { ...defaults, classes, ...parameters } }
}

const defaults: BoosterParameters = {
  objective: 'multi:softprob',
  classes: 3,
  rounds: 6,
  learningRate: 0.3,
  maxDepth: 4,
  minChildWeight: 1,
  subsample: 0.8,
  colsampleByTree: 0.8,
  gamma: 0,
  lambda: 1,
  alpha: 0,
  maxBin: 64,
  seed: 7,
}

export function rowRange(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i)
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
  return largest
}
