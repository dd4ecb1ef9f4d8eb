import type { ForwardReturns } from '#core/candles'
import { computeFeatures, featureSet } from '#core/features'
import { sha256 } from '#core/hashing'
import { labeler, naiveScore } from '#core/labels'
import {
  actedRows,
  calibrationKinds,
  coverageOf,
  reliabilityOf,
  type CalibrationKind,
  type PolicyKind,
} from '#core/calibration'
import { calibrated, Forest } from '#core/model'
import type { ActedRows } from '#core/registry'
import { buildTrainingTable, clearOf, defaultEmbargo, gatherMatrix, rangesOf, rowsIn, valuesAt } from '#core/selection'
import { runFit, toBoosterParameters } from '#core/trials'
import { openCandleSource } from '#platform/market-data'
import { openBooster, resolveEngine } from '#platform/xgboost'
import { chooseAnswering, type CalibrationInput } from '../coordinator/training/calibrate-stage.ts'
import { learningWindow } from '../coordinator/training/learning-window.ts'
import type { TrainingSpec } from '../coordinator/training/training-spec.ts'
import { machine } from './machine.ts'

/**
 * `npm run bench:calibration [-- SOURCE LABEL]`: each calibration on later rows. The history is cut into blocks; for
 * each of the last four, calibration and policies are chosen from the rows before it and measured on the block. With
 * `--json` the rows as data: docs/trust.md is written from them.
 */
const words = process.argv.slice(2).filter((word) => word !== '--json')
const [source = 'sample:btcusdt-1h', label = 'swing'] = words

/** One calibration and one policy on one block; returns of a row are fractions after fees. */
export interface CalibrationRow {
  readonly block: number
  readonly trained: number
  readonly tested: number
  readonly kind: CalibrationKind
  readonly policy: PolicyKind
  readonly logLoss: number
  readonly brier: number
  readonly ece: number
  readonly buy: ActedRows | null
  readonly sell: ActedRows | null
  /** Mean return of buying at every row of the block. */
  readonly alwaysBuy: number | null
  /** Of the conformal policy. */
  readonly coverage: number | null
  readonly single: number | null
}
const testBlocks = 4
const testShare = 0.6
const parameters = { rounds: 150, learningRate: 0.05, maxDepth: 4, lambda: 10 }
const policies: readonly PolicyKind[] = ['expected-value', 'conformal', 'argmax']

const series = await openCandleSource(source, { home: '.bullpen' })
const set = featureSet('reference')
const labels = labeler(label).label(series)
const features = computeFeatures(series, set)
const table = buildTrainingTable({ series, featureSet: set, features, labels, naive: naiveScore(series) })
const columns = table.columns.map((_, i) => i)
const matrix = gatherMatrix(table, columns)
const resolved = await resolveEngine('auto')
const booster = await openBooster(resolved)
const embargo = defaultEmbargo(table)
const usable = Uint32Array.from({ length: table.rows }, (_, row) => row).filter(
  (row) => table.settled[row] === 1 && table.complete[row] === 1,
)

/** Fits in this process; the same fit is made once. */
const models = new Map<string, string>()
const objects = { get: (hash: string) => Promise.resolve(new TextEncoder().encode(models.get(hash))) }
const fits = new Map<string, string>()
function fit(request: {
  trainRows: CalibrationInput['window']['rows']
  parameters: Parameters<typeof runFit>[0]['parameters']
}) {
  const key = JSON.stringify(request)
  if (!fits.has(key)) {
    const { json } = runFit({ ...request, table, matrix, question: 'verdict', booster })
    fits.set(key, sha256(json))
    models.set(sha256(json), json)
  }
  return fits.get(key)!
}
const tasks = {
  run: (_name: string, _key: string, payload: Parameters<typeof fit>[0]) => Promise.resolve({ model: fit(payload) }),
}

const rows: CalibrationRow[] = []
const size = Math.floor((usable.length * testShare) / testBlocks)
for (let block = 0; block < testBlocks; block++) {
  const start = usable.length - (testBlocks - block) * size
  const testRows = usable.subarray(start, start + size)
  const before = clearOf(table, rangesOf(usable.subarray(0, start)), rangesOf(testRows), embargo)
  let returns: ForwardReturns | undefined
  for (const kind of calibrationKinds) {
    for (const policy of policies) {
      const spec = {
        splits: { name: 'purged', folds: 3 },
        search: { earlyStopping: null },
        calibration: { kind, policy, coverage: 0.8, feeBps: 10 },
        engine: resolved.engine,
        seed: 1,
      } as unknown as TrainingSpec
      const window = learningWindow(spec, table, { step: block, rows: before, embargo, trials: 1 })
      const input = { stored: { sha256: '', table }, series, columns, window, best: { parameters } }
      const services = { tasks, objects } as never
      const choice = await chooseAnswering(spec, input as unknown as CalibrationInput, services)
      const model = fit({ trainRows: before, parameters: toBoosterParameters(parameters, { seed: 1 }) })
      const raw = Forest.fromXgboostJson(models.get(model)!).probabilities(matrix, testRows)
      const said = calibrated(choice.calibration, raw)
      const target = valuesAt(table.target, testRows)
      const { logLoss, brier, ece } = reliabilityOf(said, target)
      returns ??= choice.judged?.returns
      const acted =
        returns &&
        actedRows(
          {
            probabilities: said,
            returns: { long: valuesAt(returns.long, testRows), short: valuesAt(returns.short, testRows) },
          },
          choice.policy,
        )
      const covered =
        choice.policy.kind === 'conformal' ? coverageOf(said, target, choice.policy.nonconformity) : undefined
      rows.push({
        ...{ block, trained: rowsIn(before).length, tested: testRows.length, kind, policy, logLoss, brier, ece },
        buy: acted?.buy ?? null,
        sell: acted?.sell ?? null,
        alwaysBuy: returns ? meanOf(valuesAt(returns.long, testRows)) : null,
        coverage: covered?.coverage ?? null,
        single: covered?.single ?? null,
      })
    }
  }
}
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else {
  console.log(machine())
  console.log(`${source}, ${label}, ${resolved.engine.name} ${resolved.engine.version}`)
  console.table(rows.map(forPeople))
}

function forPeople({ logLoss, brier, ece, buy, sell, alwaysBuy, coverage, single, ...about }: CalibrationRow) {
  const bp = (mean: number) => (mean * 1e4).toFixed(1)
  const acts = (acted: ActedRows | null) => (acted ? `${acted.rows} x ${bp(acted.meanReturn)} bp` : '')
  return {
    ...about,
    ...{ logLoss: logLoss.toFixed(4), brier: brier.toFixed(4), ece: ece.toFixed(4), buy: acts(buy), sell: acts(sell) },
    alwaysBuy: alwaysBuy === null ? '' : `${bp(alwaysBuy)} bp`,
    coverage: coverage?.toFixed(3) ?? '',
    single: single?.toFixed(3) ?? '',
  }
}

/** Of the values that are known. */
function meanOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.reduce((sum, value) => sum + value, 0) / known.length
}
