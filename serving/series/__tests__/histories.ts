import { makeSeries, withGapPolicy, type Candle } from '#core/candles'
import { computeFeatures, type FeatureSet } from '#core/features'
import { Random } from '#core/random'

export const bitcoin = { symbol: 'BTC/USDT', widthMs: 14_400_000 }
export const start = 1_577_836_800_000

/** A random walk of 4-hour candles from a seed; `missing` are rows left out. */
export function history(seed: number, count: number, missing: readonly number[] = []): Candle[] {
  const random = Random.of('histories', seed)
  let close = 8000
  const candles = Array.from({ length: count }, (_, row) => {
    const open = close
    close = open * Math.exp(0.01 * random.normal())
    const [high, low] = [Math.max(open, close) * 1.001, Math.min(open, close) * 0.999]
    return { openTime: start + row * bitcoin.widthMs, open, high, low, close, volume: 100 * random.uniform() }
  })
  return candles.filter((_, row) => !missing.includes(row))
}

/** The clock just after the last candle of a history has closed. */
export function after(candles: readonly Candle[]): () => number {
  const end = Math.max(...candles.map(({ openTime }) => openTime)) + bitcoin.widthMs
  return () => end
}

/** Rows of features as training computes them. */
export function batchRows(candles: readonly Candle[], set: FeatureSet, gaps: 'keep' | 'split' = 'keep'): number[][] {
  const series = withGapPolicy(makeSeries({ ...bitcoin, source: 'test', candles }, { gaps: 'keep' }), gaps)
  const { rows, values } = computeFeatures(series, set)
  return Array.from({ length: rows }, (_, t) => set.columns.map((_, c) => values[c * rows + t]!))
}

export function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  return Array.from(random.permutation(values.length), (place) => values[place]!)
}
