import { forwardReturns, type CandleSeries } from '#core/candles'
import {
  encodeDriftReference,
  featureReference,
  meanReference,
  outcomeCuts,
  watchedRows,
  type DriftReference,
} from '#core/drift'
import type { ObjectStore } from '#core/registry'
import { rowsIn, valuesAt, type RowPlan, type TrainingTable } from '#core/selection'
import type { AnsweringChoice } from './calibrate-stage.ts'
import type { HeldOutScore } from './fit-stage.ts'
import { holdingBars } from './holding-bars.ts'
import type { TrainingSpec } from './training-spec.ts'

/** What the reference is made from. `columns` are positions in the table. */
export interface DriftInput {
  readonly table: TrainingTable
  readonly series: CandleSeries
  readonly columns: readonly number[]
  readonly plan: RowPlan
  readonly answering: AnsweringChoice
  readonly heldOut: HeldOutScore
}

/** Bars of a window: a month of 4-hour bars. A short history is cut into six at least. */
const windowBars = 180

/** Chance of a false alarm of each feature statistic and window. */
const falseAlarmRate = 0.01

/** Fee a side that realised returns are watched with when the run did not name one, in 1/10,000. */
const usualFeeBps = 10

/**
 * What watching needs to know of the training window: features of every usable row, and what the model says on the
 * held-out tail, because it is surer of rows it was fitted on.
 */
export function driftReferenceOf(spec: TrainingSpec, input: DriftInput): DriftReference {
  const { table, series, columns, plan, answering, heldOut } = input
  const usable = rowsIn(plan.usable)
  const tail = Uint32Array.from(heldOut.rowIndexes)
  const window = Math.min(windowBars, Math.floor(usable.length / 6))
  const bars = holdingBars(table, usable)
  const feeBps = spec.calibration?.feeBps ?? usualFeeBps
  const [gross, net] = [forwardReturns(series, bars, 0), forwardReturns(series, bars, feeBps)]
  const outcome = { bars, feeBps, ...outcomeCuts(valuesAt(gross.long, usable), valuesAt(table.target, usable)) }
  const at = ({ long, short }: typeof gross) => ({ long: valuesAt(long, tail), short: valuesAt(short, tail) })
  const answers = { probabilities: heldOut.probabilities, gross: at(gross), net: at(net) }
  const watched = watchedRows(answers, answering.policy, outcome)
  return {
    format: 1,
    featureSetHash: table.featureSetHash,
    window,
    ...featureReference(
      columns.map((column) => ({
        name: table.columns[column]!,
        values: valuesAt(table.values.subarray(column * table.rows, (column + 1) * table.rows), usable),
      })),
      window,
      falseAlarmRate,
    ),
    outcome,
    said: watched.said.map((said) => meanReference(said, 2 * bars)),
    brier: meanReference(watched.brier, 2 * bars),
    realised: meanReference(watched.realised, 2 * bars),
  }
}

/** Puts the reference into the object store; the manifest names it by what this answers. */
export async function storeDriftReference(
  reference: DriftReference,
  objects: Pick<ObjectStore, 'put'>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const bytes = encodeDriftReference(reference)
  return { sha256: await objects.put(bytes), bytes: bytes.byteLength }
}
