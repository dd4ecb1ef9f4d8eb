import { forwardReturns, type CandleSeries, type ForwardReturns } from '#core/candles'
import {
  actedRows,
  choosePolicy,
  coverageOf,
  crossFitted,
  fitCalibration,
  reliabilityOf,
  type AnsweredRows,
  type CalibrationKind,
  type CrossFitPart,
  type PolicyKind,
} from '#core/calibration'
import { Forest, noCalibration, type Calibration } from '#core/model'
import type { CalibrationMeasures, CalibrationRecord } from '#core/registry'
import { clearOf, gatherMatrix, rangesOf, rowsIn, valuesAt, type TrainingTable } from '#core/selection'
import { toBoosterParameters } from '#core/trials'
import type { VerdictPolicy } from '#core/verdict'
import type { StoredTable } from './features-stage.ts'
import type { HeldOutScore } from './fit-stage.ts'
import { holdingBars } from './holding-bars.ts'
import { taskKey, type LearningWindow } from './learning-window.ts'
import type { SearchOutcome } from './search-stage.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** How the trees' probabilities are answered, and what that was chosen by. */
export interface AnsweringChoice {
  readonly calibration: Calibration
  readonly policy: VerdictPolicy
  /** Absent when nothing was to be chosen: then nothing was fitted either. */
  readonly judged?: {
    readonly kind: CalibrationKind
    readonly policy: PolicyKind
    readonly bars: number
    readonly feeBps: number
    /** Of every row of the table. */
    readonly returns: ForwardReturns
    readonly outOfFold: CalibrationMeasures
  }
}

/** What the choice is made from. Returns reach no further beyond a row than labels may, so they keep to the window's embargo. */
export interface CalibrationInput {
  readonly stored: StoredTable
  readonly series: CandleSeries
  readonly columns: readonly number[]
  readonly window: LearningWindow
  readonly best: SearchOutcome['best']
}

/** Contiguous blocks for cross-fitting. */
const blocks = 5

/**
 * Chooses calibration and verdict policy on out-of-fold answers of the best trial: its fits on the folds of the search
 * are made again, by the same tasks with the same result whoever runs them, and answer the rows they did not see.
 * Calibrated probabilities that thresholds and measures read are cross-fitted with purging and embargo; the calibration
 * that is registered is fitted on all of them.
 */
export async function chooseAnswering(
  spec: TrainingSpec,
  input: CalibrationInput,
  services: Pick<TrainingServices, 'tasks' | 'objects'>,
): Promise<AnsweringChoice> {
  const { kind, policy: policyKind, coverage, feeBps } = spec.calibration ?? asBefore
  if (kind === 'none' && policyKind === 'argmax') return { calibration: noCalibration, policy: { kind: 'argmax' } }
  const answered = await outOfFold(spec, input, services)
  const { table } = input.stored
  const bars = holdingBars(table, answered.rows)
  const returns = forwardReturns(input.series, bars, feeBps)
  const probabilities = crossFitted(kind, answered, crossFitParts(table, answered.rows, input.window.embargo))
  const rows = { target: answered.target, returns: returnsAt(returns, answered.rows) }
  const policy = choosePolicy({ ...rows, probabilities }, { kind: policyKind, coverage, bars })
  const measured = measure({ ...rows, before: answered.probabilities, after: probabilities }, policy)
  return {
    calibration: fitCalibration(kind, answered),
    policy,
    judged: { kind, policy: policyKind, bars, feeBps, returns, outOfFold: measured },
  }
}

/** What runs of before calibration was a choice did. */
const asBefore = { kind: 'none', policy: 'argmax', coverage: 0.8, feeBps: 0 } as const

/** Tasks {@link chooseAnswering} runs. */
export function calibrationTasks({ calibration = asBefore }: TrainingSpec, { folds }: LearningWindow): number {
  return calibration.kind === 'none' && calibration.policy === 'argmax' ? 0 : folds.length
}

/** The manifest's record of the choice, with what it is worth on the held-out tail; undefined when nothing was chosen. */
export function calibrationRecord(
  { judged, policy }: AnsweringChoice,
  table: TrainingTable,
  { rowIndexes, raw, probabilities }: HeldOutScore,
): CalibrationRecord | undefined {
  if (!judged) return undefined
  const { returns, ...record } = judged
  const rows = Uint32Array.from(rowIndexes)
  const target = valuesAt(table.target, rows)
  const heldOut = measure({ target, returns: returnsAt(returns, rows), before: raw, after: probabilities }, policy)
  return { ...record, heldOut }
}

/** Answers of the best trial's fold models on the rows each of them was tested on; means where folds share a row. */
async function outOfFold(
  spec: TrainingSpec,
  { stored, columns, window, best }: CalibrationInput,
  { tasks, objects }: Pick<TrainingServices, 'tasks' | 'objects'>,
): Promise<AnsweredRows> {
  const { table } = stored
  const patience = spec.search.earlyStopping
  const answers = await Promise.all(
    window.folds.map(async ({ trainRows, testRows, evaluationRows }, fold) => {
      const { model } = await tasks.run('fit', taskKey(window, `calibrate/fold-${fold}`), {
        table: stored.sha256,
        columns: [...columns],
        question: 'verdict',
        trainRows: [...trainRows],
        parameters: toBoosterParameters(best.parameters, { seed: spec.seed }),
        engine: spec.engine,
        ...(evaluationRows && patience !== null
          ? { earlyStopping: { evaluationRows: [...evaluationRows], patience } }
          : {}),
      })
      const forest = Forest.fromXgboostJson(new TextDecoder().decode(await objects.get(model)))
      const rows = rowsIn(testRows)
      return { rows, probabilities: forest.probabilities(gatherMatrix(table, columns, { rows })) }
    }),
  )
  return joined(table, answers)
}

function joined(
  table: TrainingTable,
  answers: readonly { readonly rows: Uint32Array; readonly probabilities: Float64Array }[],
): AnsweredRows {
  const counts = new Uint16Array(table.rows)
  const sums = new Float64Array(table.rows * 3)
  for (const { rows, probabilities } of answers) {
    rows.forEach((row, i) => {
      counts[row]!++
      for (let c = 0; c < 3; c++) sums[row * 3 + c]! += probabilities[i * 3 + c]!
    })
  }
  const rows = Uint32Array.from(counts.keys()).filter((row) => counts[row]! > 0)
  const probabilities = new Float64Array(rows.length * 3)
  rows.forEach((row, i) => {
    for (let c = 0; c < 3; c++) probabilities[i * 3 + c] = sums[row * 3 + c]! / counts[row]!
  })
  return { rows, probabilities, target: valuesAt(table.target, rows), weight: valuesAt(table.weight, rows) }
}

function crossFitParts(table: TrainingTable, rows: Uint32Array, embargo: number): CrossFitPart[] {
  const positions = new Map(Array.from(rows, (row, position) => [row, position]))
  const startOf = (block: number) => Math.round((block * rows.length) / blocks)
  return Array.from({ length: blocks }, (_, block) => {
    const [start, end] = [startOf(block), startOf(block + 1)]
    const others = rows.filter((_row, position) => position < start || position >= end)
    const clear = clearOf(table, rangesOf(others), rangesOf(rows.subarray(start, end)), embargo)
    return {
      fit: rowsIn(clear).map((row) => positions.get(row)!),
      apply: Uint32Array.from({ length: end - start }, (_position, i) => start + i),
    }
  })
}

function returnsAt({ long, short }: ForwardReturns, rows: Uint32Array): ForwardReturns {
  return { long: valuesAt(long, rows), short: valuesAt(short, rows) }
}

function measure(
  rows: { target: Int8Array; returns: ForwardReturns; before: Float64Array; after: Float64Array },
  policy: VerdictPolicy,
): CalibrationMeasures {
  const { target, returns, before, after } = rows
  return {
    before: reliabilityOf(before, target),
    after: reliabilityOf(after, target),
    ...actedRows({ probabilities: after, returns }, policy),
    ...(policy.kind === 'conformal' ? { coverage: coverageOf(after, target, policy.nonconformity) } : {}),
  }
}
