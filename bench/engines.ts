import { spawnSync } from 'node:child_process'
import { computeFeatures, featureSet } from '#core/features'
import { labeler, naiveScore } from '#core/labels'
import { Forest, type BoosterParameters, type FitRequest } from '#core/model'
import { buildTrainingTable, gatherMatrix } from '#core/selection'
import { openCandleSource } from '#platform/market-data'
import { openBooster, resolveEngine } from '#platform/xgboost'
import { machine } from './machine.ts'

/**
 * `npm run bench:engines [-- SOURCE]`: the native and the WebAssembly engine on the reference's shape, 8,200 rows of its
 * 243 features and its three-class label. Each engine runs in a process of its own, so that its peak memory is its own;
 * `before` is what that process held with the data in place and no fit yet.
 */
const defaultSource = 'sample:btcusdt-1h'
const firstRow = 300
const rowCount = 8_200
const engines = ['native', 'wasm'] as const

const parameters: BoosterParameters = {
  objective: 'multi:softprob',
  classes: 3,
  rounds: 50,
  learningRate: 0.1,
  maxDepth: 6,
  minChildWeight: 1,
  subsample: 1,
  colsampleByTree: 1,
  gamma: 0,
  lambda: 1,
  alpha: 0,
  maxBin: 256,
  seed: 1,
}

interface Measurement {
  readonly engine: string
  readonly rows: number
  readonly columns: number
  readonly fitSeconds: number
  /** Processor time of the fit, which other work on the machine does not stretch as it stretches the wall clock. */
  readonly cpuSeconds: number
  readonly beforeMiB: number
  readonly peakMiB: number
  /** Rows the forest evaluator answers in a second with the fitted model. */
  readonly answersPerSecond: number
}

async function measure(name: string, source: string): Promise<Measurement> {
  const request = await referenceRequest(source)
  const resolved = await resolveEngine(name)
  const booster = await openBooster(resolved)
  const beforeMiB = process.memoryUsage().rss / 2 ** 20
  const cpuBefore = process.cpuUsage()
  const { json, fitMs } = booster.fit(request)
  const cpu = process.cpuUsage(cpuBefore)
  const cpuSeconds = (cpu.user + cpu.system) / 1e6
  const peakMiB = process.resourceUsage().maxRSS / 2 ** 10
  const { rows, columns } = request.matrix
  const engine = `${resolved.engine.name} ${resolved.engine.version}`
  const answersPerSecond = rows / answerSeconds(json, request)
  return { engine, rows, columns, fitSeconds: fitMs / 1000, cpuSeconds, beforeMiB, peakMiB, answersPerSecond }
}

async function referenceRequest(source: string): Promise<FitRequest> {
  const series = await openCandleSource(source, { home: '.bullpen' })
  const set = featureSet('reference')
  const features = computeFeatures(series, set)
  const labels = labeler('swing').label(series)
  const table = buildTrainingTable({ series, featureSet: set, features, labels, naive: naiveScore(series) })
  const count = Math.min(rowCount, table.rows - firstRow)
  const rows = Uint32Array.from({ length: count }, (_, i) => firstRow + i)
  const columns = table.columns.map((_, i) => i)
  const matrix = gatherMatrix(table, columns, { rows, shared: true })
  return { matrix, labels: Float32Array.from(rows, (row) => table.target[row]! + 1), parameters }
}

/** Least of several tries, s. */
function answerSeconds(json: string, { matrix }: FitRequest): number {
  const forest = Forest.fromXgboostJson(json)
  const seconds = Array.from({ length: 7 }, () => {
    const start = performance.now()
    forest.probabilities(matrix)
    return (performance.now() - start) / 1000
  })
  return Math.min(...seconds)
}

function measureApart(name: string, source: string): Measurement | string {
  const child = spawnSync(process.execPath, [import.meta.filename, '--only', name, source], { encoding: 'utf8' })
  if (child.status !== 0) return child.stderr.split('\n').find((line) => line.includes('Error:')) ?? 'failed'
  return JSON.parse(child.stdout) as Measurement
}

function print(measured: Measurement, reference: number): void {
  const { rows, columns, fitSeconds, cpuSeconds, beforeMiB, peakMiB, answersPerSecond } = measured
  const cells = [
    measured.engine.padEnd(24),
    `${rows}x${columns}`.padStart(10),
    fitSeconds.toFixed(2).padStart(9),
    cpuSeconds.toFixed(2).padStart(9),
    ((rows * parameters.rounds) / cpuSeconds).toFixed(0).padStart(17),
    (cpuSeconds / reference).toFixed(2).padStart(7),
    beforeMiB.toFixed(0).padStart(11),
    peakMiB.toFixed(0).padStart(9),
    answersPerSecond.toFixed(0).padStart(10),
  ]
  console.log(cells.join(' '))
}

function compare(source: string): void {
  console.log(machine())
  console.log(`${source}, ${parameters.rounds} rounds, depth ${parameters.maxDepth}, one thread`)
  console.log(
    'engine                         rows     fit s     cpu s rows*rounds/cpu s   ratio  before MiB  peak MiB  answers/s',
  )
  let reference: number | undefined
  for (const name of engines) {
    const measured = measureApart(name, source)
    if (typeof measured === 'string') {
      console.log(`${name}: ${measured}`)
      continue
    }
    reference ??= measured.cpuSeconds
    print(measured, reference)
  }
}

const [first, second, third] = process.argv.slice(2)
if (first === '--only') console.log(JSON.stringify(await measure(second!, third!)))
else compare(first ?? defaultSource)
