import { calibrated } from '#core/model'
import { gatherMatrix, valuesAt } from '#core/selection'
import type { ReportData } from '../report/index.ts'
import type { TrainingResult } from './training-run.ts'

/** What the report draws of a finished run. */
export function reportDataOf(
  result: TrainingResult,
  { createdAt, threads, cost }: Pick<ReportData, 'createdAt' | 'threads' | 'cost'>,
): ReportData {
  const { stored, selection, search, answering, winner, heldOut, registration, newest } = result
  const { table } = stored
  const rows = Uint32Array.from(heldOut.rowIndexes)
  const kept = new Set(selection.choice.columns)
  const answered = Uint32Array.from({ length: table.rows - rows[0]! }, (_, i) => rows[0]! + i)
  const answeredMatrix = gatherMatrix(table, selection.choice.columns, { rows: answered })
  const said = calibrated(answering.calibration, winner.forest.probabilities(answeredMatrix))
  const gain = winner.forest.gain()
  return {
    runId: result.runId,
    createdAt,
    version: registration.version.version,
    promotion: registration.decision,
    manifest: registration.version.manifest,
    series: result.series,
    newest,
    heldOut: {
      rowIndexes: heldOut.rowIndexes,
      openTime: valuesAt(table.openTime, rows),
      target: valuesAt(table.target, rows),
      probabilities: heldOut.probabilities,
      raw: heldOut.raw,
      naive: valuesAt(table.naive, rows),
    },
    answers: { rowIndexes: Int32Array.from(answered), probabilities: said },
    labels: result.labels,
    trials: search.trials,
    bestTrial: search.best.number,
    selection: {
      columns: table.columns.map((name, column) => ({
        name,
        up: selection.up.importance[column]!,
        down: selection.down.importance[column]!,
        kept: kept.has(column),
      })),
      case: selection.choice.case,
      finalGain: selection.choice.columns.map((column, i) => ({ name: table.columns[column]!, gain: gain[i] ?? 0 })),
    },
    stages: result.stages,
    threads,
    cost,
  }
}
