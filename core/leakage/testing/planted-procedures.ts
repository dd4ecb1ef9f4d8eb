import { rocAuc, positivesOf } from '#core/evaluation'
import { labeler, type Labels } from '#core/labels'
import { Random } from '#core/random'
import {
  defaultEmbargo,
  kfold3,
  purged,
  rangesOf,
  rowsIn,
  valuesAt,
  type Fold,
  type TrainingTable,
} from '#core/selection'
import { learnByNeighbours, type Learnt } from './neighbours.ts'
import { pipeline, usableRows, type Pipeline } from './pipeline.ts'

const swing = labeler('swing')

/** Labels that read further than they say. */
export const leakingLabels: readonly Pipeline[] = [
  pipeline('a label that says it reads one candle', {
    labels: (series) => {
      const labels = swing.label(series)
      return { ...labels, reach: labels.reach.map((_, row) => Math.min(series.rows - 1, row + 1)), maxReach: 1 }
    },
  }),
  pipeline('a label by the best close of the next 40 that says 10', {
    labels: (series): Labels => {
      const reach = Int32Array.from({ length: series.rows }, (_, row) => Math.min(series.rows - 1, row + 10))
      const target = Int8Array.from({ length: series.rows }, (_, row) => {
        const later = series.close.subarray(row + 1, row + 41)
        const change = later.reduce((most, close) => Math.max(most, close), 0) / series.close[row]!
        return change > 1.06 ? 1 : change < 1.02 ? -1 : 0
      })
      const complete = Uint8Array.from(reach, (last, row) => (last - row === 10 ? 1 : 0))
      return { target, reach, complete, maxReach: 10, weight: new Float64Array(series.rows).fill(1) }
    },
  }),
]

const foldsWith = (change: (fold: Fold, table: TrainingTable) => Fold) => (table: TrainingTable) =>
  purged(3, defaultEmbargo(table))
    .split(table, usableRows(table))
    .map((fold) => change(fold, table))

/** Splits that let training labels meet test labels. */
export const leakingFolds: readonly Pipeline[] = [
  pipeline('rows shuffled into folds', {
    folds: (table) => {
      const rows = rowsIn(usableRows(table))
      const order = Random.of(1, 'folds').permutation(rows.length)
      return [0, 1, 2].map((fold) => ({
        trainRows: rangesOf(rows.filter((_, i) => order[i]! % 3 !== fold)),
        testRows: rangesOf(rows.filter((_, i) => order[i]! % 3 === fold)),
      }))
    },
  }),
  pipeline('blocks without purging', { folds: (table) => kfold3().split(table, usableRows(table)) }),
  pipeline('an embargo counted from the row, not from the end of its label', {
    folds: foldsWith(({ testRows }, table) => {
      const [first, last] = [testRows[0]!.start, testRows.at(-1)!.end - 1]
      const clear = (row: number) => row < first - defaultEmbargo(table) || row > last + defaultEmbargo(table)
      return { testRows, trainRows: rangesOf(rowsIn(usableRows(table)).filter(clear)) }
    }),
  }),
  pipeline('an embargo after the test rows only', {
    folds: foldsWith(({ trainRows, testRows }, table) => {
      const first = testRows[0]!.start
      const before = rowsIn(usableRows(table)).filter((row) => row < first && table.reach[row]! < first)
      return { testRows, trainRows: rangesOf([...before, ...rowsIn(trainRows).filter((row) => row > first)]) }
    }),
  }),
  pipeline('training blocks that overlap the test block', {
    folds: foldsWith(({ trainRows, testRows }) => {
      const border = rowsIn(testRows).subarray(0, 20)
      return { testRows, trainRows: rangesOf([...rowsIn(trainRows), ...border].sort((a, b) => a - b)) }
    }),
  }),
  pipeline('rows trained on whose label is not complete', {
    folds: foldsWith(({ trainRows, testRows }, table) => {
      const cut = Array.from({ length: table.rows }, (_, row) => row).filter((row) => table.complete[row] === 0)
      return { testRows, trainRows: rangesOf([...rowsIn(trainRows), ...cut].sort((a, b) => a - b)) }
    }),
  }),
  pipeline('rows tested in two folds', {
    folds: (table) => {
      const folds = purged(3, defaultEmbargo(table)).split(table, usableRows(table))
      return [...folds, folds[0]!]
    },
  }),
]

/** Repeats every row's features and label in place of the row `shift` later. */
function withRepeats(table: TrainingTable, shift: number): TrainingTable {
  const [values, target] = [table.values.slice(), table.target.slice()]
  for (let row = 100; row + shift < table.rows; row += 7) {
    table.columns.forEach((_, c) => (values[c * table.rows + row + shift] = values[c * table.rows + row]!))
    target[row + shift] = target[row]!
  }
  return { ...table, values, target }
}

/** Tables in which a row is in two places. */
export const leakingRows: readonly Pipeline[] = [
  pipeline('rows repeated before the folds are cut', { join: (table) => withRepeats(table, 400) }),
  pipeline('candles of one time under two rows', {
    join: (table) => ({
      ...table,
      openTime: table.openTime.map((time, row, all) => (row % 50 === 49 ? all[row - 1]! : time)),
    }),
  }),
]

/** Three hundred columns of noise beside the table's own. */
function withNoise(table: TrainingTable): TrainingTable {
  const names = Array.from({ length: 300 }, (_, i) => `noise_${i}`)
  const random = Random.of(1, 'noise')
  const noise = Float64Array.from({ length: names.length * table.rows }, () => random.normal())
  const values = new Float64Array(table.values.length + noise.length)
  values.set(table.values)
  values.set(noise, table.values.length)
  return { ...table, columns: [...table.columns, ...names], values }
}

/** How well each column ranks buy on `rows`: its area under the curve less a half. */
function worthOf(table: TrainingTable, rows: Uint32Array): number[] {
  const positives = positivesOf(valuesAt(table.target, rows), 2)
  return table.columns.map((_, c) => rocAuc(columnAt(table, c, rows), positives) - 0.5)
}

function columnAt({ rows: length, values }: TrainingTable, c: number, rows: Uint32Array): Float64Array {
  return valuesAt(values.subarray(c * length, (c + 1) * length), rows)
}

/** The columns that rank buy best or worst on `rows`. */
function bestColumns(table: TrainingTable, rows: Uint32Array, count: number): number[] {
  const worth = worthOf(table, rows)
  return [...worth.keys()].sort((a, b) => Math.abs(worth[b]!) - Math.abs(worth[a]!)).slice(0, count)
}

/** Probabilities that rank buy by a score without meaning otherwise. */
function rankedBy(scores: Float64Array): number[] {
  return Array.from(scores).flatMap((score) => {
    const buy = 0.9 / (1 + Math.exp(-score))
    return [0.95 - buy, 0.05, buy]
  })
}

/** Adds up columns, each with the sign it has on the training rows. */
function learnBySums(table: TrainingTable, folds: readonly Fold[], columns: readonly number[]): Learnt {
  const probabilities: number[] = []
  const target: number[] = []
  for (const { trainRows, testRows } of folds) {
    const [worth, rows] = [worthOf(table, rowsIn(trainRows)), rowsIn(testRows)]
    const scores = new Float64Array(rows.length)
    for (const c of columns) {
      const [sign, column] = [Math.sign(worth[c]!), columnAt(table, c, rows)]
      for (let i = 0; i < scores.length; i++) scores[i]! += (sign * column[i]!) / columns.length
    }
    probabilities.push(...rankedBy(scores))
    target.push(...valuesAt(table.target, rows))
  }
  const kept = columns.map((c) => table.columns[c]!)
  return { probabilities: Float64Array.from(probabilities), target: Int8Array.from(target), kept }
}

/** Procedures in which test rows take part in learning. */
export const leakingProcedures: readonly Pipeline[] = [
  pipeline('columns selected on all rows, test rows among them', {
    join: withNoise,
    learn: (table, folds) => {
      const columns = bestColumns(table, rowsIn(usableRows(table)), 30)
      return learnBySums(table, folds, columns)
    },
  }),
  pipeline('fitted on all rows, then tested', {
    learn: (table, folds) => learnByNeighbours(table, folds, { trainRows: () => rowsIn(usableRows(table)) }),
  }),
  pipeline('scored on the rows it was fitted on', {
    learn: (table, folds) =>
      learnByNeighbours(table, folds, { testRows: ({ trainRows }) => rowsIn(trainRows).filter((_, i) => i % 3 === 0) }),
  }),
  pipeline('labels encoded by place in the week with the test rows’ own', {
    learn: (table, folds) => {
      const ofPlace = (place: number) => rowsIn(usableRows(table)).filter((row) => Math.floor(row / 4) === place)
      const means = Array.from({ length: Math.ceil(table.rows / 4) }, (_, place) => {
        const rows = ofPlace(place)
        return rows.reduce((sum, row) => sum + table.target[row]!, 0) / Math.max(1, rows.length)
      })
      const encoded = Float64Array.from({ length: table.rows }, (_, row) => means[Math.floor(row / 4)]!)
      const values = new Float64Array(table.values.length + table.rows)
      values.set(table.values)
      values.set(encoded, table.values.length)
      const more = { ...table, columns: [...table.columns, 'encoded'], values }
      return learnByNeighbours(more, folds, { columns: () => bestColumns(more, rowsIn(usableRows(more)), 8) })
    },
  }),
  pipeline('the best of three hundred models by their score on the test rows', {
    join: withNoise,
    learn: (table, folds) => {
      const answers = folds.map(({ testRows }) => {
        const rows = rowsIn(testRows)
        const worth = worthOf(table, rows)
        const [best] = bestColumns(table, rows, 1)
        const scores = columnAt(table, best!, rows).map((score) => Math.sign(worth[best!]!) * score)
        return { rows, best: best!, probabilities: rankedBy(scores) }
      })
      return {
        probabilities: Float64Array.from(answers.flatMap(({ probabilities }) => probabilities)),
        target: Int8Array.from(answers.flatMap(({ rows }) => Array.from(valuesAt(table.target, rows)))),
        kept: answers.map(({ best }) => table.columns[best]!),
      }
    },
  }),
  pipeline('a procedure that does not look at its table', {
    learn: (table, folds) => {
      const rows = folds.flatMap(({ testRows }) => Array.from(rowsIn(testRows)))
      const random = Random.of(1, 'guess')
      const probabilities = Float64Array.from({ length: 3 * rows.length }, () => random.uniform())
      return { probabilities, target: valuesAt(table.target, Uint32Array.from(rows)), kept: [] }
    },
  }),
]
