import { makeSeries, type Candle } from '#core/candles'
import { averagePrecision } from '#core/evaluation'
import { computeFeatures, featureSet } from '#core/features'
import { labeler, naiveScore } from '#core/labels'
import { Forest, matrixRows, type BoosterParameters, type Matrix } from '#core/model'
import { Random } from '#core/random'
import {
  buildTrainingTable,
  gatherMatrix,
  importancePermutations,
  noiseCurve,
  permutationImportance,
  questionLabels,
  rankColumns,
  rowsIn,
  valuesAt,
  type Importance,
} from '#core/selection'
import { runFit, toBoosterParameters } from '#core/trials'
import { openBooster, resolveEngine } from '#platform/xgboost'
import { machine } from './machine.ts'

/**
 * `npm run bench:selection`: permutation importance of 243 columns x 10 repeats on the reference's 2,300 selection test
 * rows, against the naive loop that walks every tree of every row for every shuffle with the forest's own evaluator.
 * Target: at least 10 times faster, and the same numbers.
 */
const trainRows = [{ start: 300, end: 6000 }]
const testRows = [{ start: 6200, end: 8500 }]
const repeats = 10
const seed = 1
/** Shapes of the judging model: few rounds, the reference's depth, and a long fit. */
const models: readonly Partial<BoosterParameters>[] = [
  { rounds: 60, maxDepth: 4, learningRate: 0.1 },
  { rounds: 100, maxDepth: 6, learningRate: 0.1 },
  { rounds: 300, maxDepth: 6, learningRate: 0.05 },
]

const table = referenceTable()
const rows = rowsIn(testRows)
const labels = questionLabels(valuesAt(table.target, rows), 'up')
const columns = table.columns.map((_, column) => column)
const whole = gatherMatrix(table, columns)
const matrix = matrixRows(whole, rows)

/** The same definition, spelt out: a copied matrix, a shuffled column, every tree. */
function naiveImportance(forest: Forest): Importance {
  const scratch: Matrix = { ...matrix, data: matrix.data.slice() }
  const trees = Array.from({ length: forest.trees }, (_, tree) => tree)
  const score = () => {
    const margins = new Float64Array(rows.length)
    forest.addTrees(trees, scratch, undefined, undefined, margins)
    return averagePrecision(margins, labels)
  }
  const write = (column: number, valueOf: (row: number) => number) => {
    for (let row = 0; row < rows.length; row++) scratch.data[row * matrix.columns + column] = valueOf(row)
  }
  const baseline = score()
  const permutations = importancePermutations(seed, repeats, rows.length)
  const importance = columns.map((column) => {
    let drops = 0
    for (const order of permutations) {
      write(column, (row) => matrix.data[order[row]! * matrix.columns + column]!)
      drops += baseline - score()
    }
    write(column, (row) => matrix.data[row * matrix.columns + column]!)
    return drops / repeats
  })
  return { baseline, importance }
}

/** Processor time of the whole process, which other programs on the machine disturb less than the clock. */
function timed<T>(work: () => T): { value: T; seconds: number } {
  const start = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(start)
  return { value, seconds: (user + system) / 1e6 }
}

function referenceTable() {
  const random = Random.of('bench selection', 1)
  let close = 10_000
  const candles = Array.from({ length: 8_504 }, (_, t): Candle => {
    const open = close
    close = open * Math.exp(0.015 * random.normal())
    const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998]
    return { openTime: t * 14_400_000, open, high, low, close, volume: 100 * random.uniform() }
  })
  const series = makeSeries(
    { symbol: 'BTC/USDT', source: 'random walk', widthMs: 14_400_000, candles },
    { gaps: 'keep' },
  )
  const set = featureSet('reference')
  const labels = labeler('swing').label(series)
  return buildTrainingTable({
    series,
    featureSet: set,
    features: computeFeatures(series, set),
    labels,
    naive: naiveScore(series),
  })
}

function print(name: string, seconds: number, evaluations: number, note = ''): void {
  const perSecond = (evaluations * rows.length) / seconds
  const memory = process.memoryUsage().rss / 2 ** 20
  const cells = [
    name.padEnd(44),
    String(rows.length).padStart(6),
    seconds.toFixed(3).padStart(9),
    perSecond.toExponential(2).padStart(10),
    memory.toFixed(0).padStart(8),
  ]
  console.log(`${cells.join(' ')}  ${note}`)
}

const resolved = await resolveEngine('auto', { explicitPath: process.env['XGBOOST_LIBRARY'] })
const booster = await openBooster(resolved)
console.log(machine())
console.log(`${columns.length} columns x ${repeats} repeats; models fitted by ${resolved.note}`)
console.log(`${'what'.padEnd(44)}   rows     cpu s     rows/s  RSS MiB`)
const evaluations = columns.length * repeats
for (const shape of models) {
  const parameters = toBoosterParameters(shape, { seed, classes: 2 })
  const { json } = runFit({ table, matrix: whole, question: 'up', trainRows, parameters, booster })
  const forest = Forest.fromXgboostJson(json)
  const name = `${forest.trees} trees of depth ${parameters.maxDepth}`
  const naive = timed(() => naiveImportance(forest))
  const fast = timed(() => permutationImportance({ forest, matrix, labels, repeats, seed }))
  const equal = JSON.stringify(fast.value) === JSON.stringify(naive.value) ? 'equal, every bit' : 'DIFFERENT'
  print(`${name}, naive loop`, naive.seconds, evaluations, `${forest.columnsUsed.length} columns read`)
  print(
    `${name}, touched paths only`,
    fast.seconds,
    evaluations,
    `${(naive.seconds / fast.seconds).toFixed(1)} x; ${equal}`,
  )
  const order = rankColumns(fast.value.importance)
  const curve = timed(() => noiseCurve({ forest, matrix, labels, order, seed }))
  print(`${name}, noise curve`, curve.seconds, order.length + 1)
}
