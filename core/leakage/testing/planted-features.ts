import type { CandleSeries } from '#core/candles'
import { labeler } from '#core/labels'
import { byRow, causalParts, columnsOf, meanOf, type ColumnOf } from './causal-columns.ts'
import { pipeline, type Pipeline } from './pipeline.ts'

/** Bars of a day. */
const day = 6

/** A pipeline whose columns are the clean ones and one more, or one of them spoilt. */
function withColumn(name: string, column: ColumnOf): Pipeline {
  return pipeline(name, { features: columnsOf({ ...causalParts, spoilt: column }) })
}

/** A pipeline whose clean columns all go through something that sees whole columns. */
function throughWhole(name: string, change: (column: Float64Array) => Float64Array): Pipeline {
  const parts = Object.entries(causalParts).map(([key, part]): [string, ColumnOf] => [key, (s) => change(part(s))])
  return pipeline(name, { features: columnsOf(Object.fromEntries(parts)) })
}

const sortedOf = (values: Float64Array) => values.slice().sort()
const changes = ({ close }: CandleSeries) => close.map((value, row) => (row === 0 ? 0 : value / close[row - 1]! - 1))
const targetsOf = (series: CandleSeries) => labeler('swing').label(series).target

/** Features that read candles after their row. */
export const leakingFeatures: readonly Pipeline[] = [
  withColumn(
    'a change shifted by -1',
    byRow(({ close }, row) => close[Math.min(close.length - 1, row + 1)]! / close[row]! - 1),
  ),
  pipeline('features joined one row late', {
    features: columnsOf(
      Object.fromEntries(
        Object.entries(causalParts).map(([name, part]): [string, ColumnOf] => [
          name,
          (series) => part(series).map((_, row, all) => all[Math.min(all.length - 1, row + 1)]!),
        ]),
      ),
    ),
  }),
  throughWhole('scaled by mean and deviation of the whole series', (column) => {
    const mean = meanOf(column, 0, column.length)
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length)
    return column.map((x) => (x - mean) / deviation)
  }),
  throughWhole('scaled between minimum and maximum of the whole series', (column) => {
    const sorted = sortedOf(column)
    return column.map((x) => (x - sorted[0]!) / (sorted.at(-1)! - sorted[0]!))
  }),
  throughWhole('ranked within the whole series', (column) => {
    const sorted = sortedOf(column)
    return column.map((x) => sorted.findIndex((y) => y >= x) / sorted.length)
  }),
  throughWhole('clipped at quantiles of the whole series', (column) => {
    const sorted = sortedOf(column)
    const [low, high] = [sorted[Math.floor(0.05 * sorted.length)]!, sorted[Math.floor(0.95 * sorted.length)]!]
    return column.map((x) => Math.min(high, Math.max(low, x)))
  }),
  withColumn(
    'a centred moving average',
    byRow(({ close }, row) => close[row]! / meanOf(close, row - 5, row + 5) - 1),
  ),
  withColumn('an average smoothed forwards and backwards', ({ close }) => {
    const out = close.slice()
    for (let row = 1; row < out.length; row++) out[row] = 0.8 * out[row - 1]! + 0.2 * out[row]!
    for (let row = out.length - 2; row >= 0; row--) out[row] = 0.8 * out[row + 1]! + 0.2 * out[row]!
    return out.map((x, row) => close[row]! / x - 1)
  }),
  withColumn(
    'the close of the day before the day has closed',
    byRow(({ close }, row) => close[Math.min(close.length - 1, row - (row % day) + day - 1)]! / close[row]! - 1),
  ),
  withColumn(
    'a share of the whole day’s volume',
    byRow(({ volume }, row) => volume[row]! / meanOf(volume, row - (row % day), row - (row % day) + day - 1)),
  ),
  withColumn('missing values filled from the next known one', ({ close, volume }) => {
    const known = close.map((value, row) => (volume[row]! > 50 ? value : NaN))
    for (let row = known.length - 2; row >= 0; row--) if (Number.isNaN(known[row]!)) known[row] = known[row + 1]!
    return known.map((value, row) => value / close[row]! - 1)
  }),
  withColumn('missing values filled with the mean of the whole series', (series) => {
    const all = changes(series)
    const mean = meanOf(all, 0, all.length)
    return all.map((value, row) => (series.volume[row]! > 50 ? value : mean))
  }),
  withColumn(
    'the price over the last price of the series',
    byRow(({ close }, row) => close[row]! / close.at(-1)!),
  ),
  withColumn('the distance to the highest price of the series', ({ close, high }) => {
    const highest = high.reduce((most, value) => Math.max(most, value), 0)
    return close.map((value) => value / highest)
  }),
  withColumn('a trend line fitted to the whole series', ({ close }) => {
    const n = close.length
    const [mean, middle] = [meanOf(close, 0, n), (n - 1) / 2]
    let [above, below] = [0, 0]
    close.forEach((value, row) => {
      above += (row - middle) * (value - mean)
      below += (row - middle) ** 2
    })
    return close.map((value, row) => value / (mean + (above / below) * (row - middle)) - 1)
  }),
  withColumn('the mean change of the hour over the whole series', (series) => {
    const all = changes(series)
    const ofHour = (hour: number) => all.filter((_, row) => row % day === hour)
    const means = Array.from({ length: day }, (_, hour) => meanOf(ofHour(hour), 0, all.length))
    return all.map((_, row) => means[row % day]!)
  }),
  withColumn('the label itself, under noise', (series) =>
    Float64Array.from(targetsOf(series), (target, row) => target + Math.sin(997 * row)),
  ),
  withColumn('the mean label of the hour over the whole series', (series) => {
    const targets = Float64Array.from(targetsOf(series))
    const ofHour = (hour: number) => targets.filter((_, row) => row % day === hour)
    const means = Array.from({ length: day }, (_, hour) => meanOf(ofHour(hour), 0, targets.length))
    return targets.map((_, row) => means[row % day]!)
  }),
]
