import { labeler } from '#core/labels'
import { defaultEmbargo, purged, rowsIn } from '#core/selection'
import { byRow, causalParts, columnsOf, meanOf, type ColumnOf } from './causal-columns.ts'
import { learnByNeighbours } from './neighbours.ts'
import { pipeline, usableRows, type Pipeline } from './pipeline.ts'

function withColumn(name: string, column: ColumnOf): Pipeline {
  return pipeline(name, { features: columnsOf({ ...causalParts, more: column }) })
}

const someOf = (names: readonly string[]) =>
  columnsOf(Object.fromEntries(names.map((name) => [name, causalParts[name]!])))

/** Pipelines that look like the leaking ones and do not leak. */
export const cleanPipelines: readonly Pipeline[] = [
  pipeline('ten indicators, three folds'),
  pipeline('four indicators', { features: someOf(['change_1', 'change_12', 'over_mean_30', 'range']) }),
  pipeline('one indicator', { features: someOf(['over_mean_10']) }),
  withColumn(
    'a change shifted by +1',
    byRow(({ close }, row) => close[Math.max(0, row - 1)]! / close[Math.max(0, row - 2)]! - 1),
  ),
  withColumn(
    'scaled by mean and deviation of what came before',
    byRow(({ close }, row) => {
      const past = close.subarray(0, row + 1)
      const mean = meanOf(past, 0, row)
      const deviation = Math.sqrt(past.reduce((sum, x) => sum + (x - mean) ** 2, 0) / past.length)
      return (close[row]! - mean) / (deviation || 1)
    }),
  ),
  withColumn(
    'ranked among the last hundred',
    byRow(({ close }, row) => close.subarray(Math.max(0, row - 99), row + 1).filter((x) => x < close[row]!).length),
  ),
  withColumn(
    'the close of the last whole day',
    byRow(({ close }, row) => close[row]! / close[Math.max(0, row - (row % 6) - 1)]! - 1),
  ),
  withColumn('missing values filled from the last known one', ({ close, volume }) => {
    const known = close.map((value, row) => (volume[row]! > 50 || row === 0 ? value : NaN))
    for (let row = 1; row < known.length; row++) if (Number.isNaN(known[row]!)) known[row] = known[row - 1]!
    return known.map((value, row) => close[row]! / value - 1)
  }),
  withColumn(
    'the distance to the highest price of the last hundred bars',
    byRow(
      ({ close, high }, row) =>
        close[row]! / high.subarray(Math.max(0, row - 99), row + 1).reduce((most, x) => Math.max(most, x), 0),
    ),
  ),
  withColumn(
    'the hour of the day',
    byRow((_, row) => row % 6),
  ),
  pipeline('a label with a narrower dead band', {
    labels: (series) => labeler('swing', { deadBand: 0.005 }).label(series),
  }),
  pipeline('a label with a longer horizon', { labels: (series) => labeler('swing', { horizon: 14 }).label(series) }),
  pipeline('two folds', {
    folds: (table) => purged(2, defaultEmbargo(table)).split(table, usableRows(table)),
  }),
  pipeline('five folds', {
    folds: (table) => purged(5, defaultEmbargo(table)).split(table, usableRows(table)),
  }),
  pipeline('a longer embargo than asked for', {
    folds: (table) => purged(3, 2 * defaultEmbargo(table)).split(table, usableRows(table)),
  }),
  pipeline('one step forward in time', {
    folds: (table) => purged(3, defaultEmbargo(table)).split(table, usableRows(table)).slice(-1),
  }),
  pipeline('five neighbours', { learn: (table, folds) => learnByNeighbours(table, folds, { neighbours: 5 }) }),
  pipeline('forty neighbours', { learn: (table, folds) => learnByNeighbours(table, folds, { neighbours: 40 }) }),
  pipeline('the later half of the training rows', {
    learn: (table, folds) =>
      learnByNeighbours(table, folds, {
        trainRows: ({ trainRows }) => rowsIn(trainRows).subarray(Math.floor(rowsIn(trainRows).length / 2)),
      }),
  }),
  pipeline('every other test row', {
    learn: (table, folds) =>
      learnByNeighbours(table, folds, { testRows: ({ testRows }) => rowsIn(testRows).filter((_, i) => i % 2 === 0) }),
  }),
]
