import type { CandleSeries } from '#core/candles'
import { labeler, type Labels } from '#core/labels'
import type { LeakCheck } from '#core/registry'
import { defaultEmbargo, purged, rangesOf, type Fold, type TrainingTable } from '#core/selection'
import { checkCausality, type Columns } from '../check-causality.ts'
import { checkOracle, checkShuffled } from '../check-chance.ts'
import { checkFolds } from '../check-folds.ts'
import { checkLabelReach } from '../check-label-reach.ts'
import { checkRows } from '../check-rows.ts'
import { oracleColumn, withOracle, withShuffledLabels } from '../planted-tables.ts'
import { causalColumns } from './causal-columns.ts'
import { learnByNeighbours, type Learnt } from './neighbours.ts'

/** A training pipeline in parts, so that any one of them can be made to leak. */
export interface Pipeline {
  readonly name: string
  features(series: CandleSeries): Columns
  labels(series: CandleSeries): Labels
  /** What goes wrong when rows are put together, e.g. repeats. */
  join(table: TrainingTable): TrainingTable
  /** Candles that must lie between training and test labels. */
  embargo(table: TrainingTable): number
  folds(table: TrainingTable): Fold[]
  /** From table and folds to answers: scaling, selection, search and fit are all in here. */
  learn(table: TrainingTable, folds: readonly Fold[]): Learnt
}

/** Rows at the start that no column needs to have settled after. */
export const warmup = 60

/** A pipeline without leaks; everything can be replaced. */
export function pipeline(name: string, parts: Partial<Omit<Pipeline, 'name'>> = {}): Pipeline {
  return {
    name,
    features: causalColumns,
    labels: (series) => labeler('swing').label(series),
    join: (table) => table,
    embargo: defaultEmbargo,
    folds: (table) => purged(3, defaultEmbargo(table)).split(table, usableRows(table)),
    learn: learnByNeighbours,
    ...parts,
  }
}

/** Rows with settled features and a whole label. */
export function usableRows({ rows, settled, complete }: TrainingTable) {
  return rangesOf(Array.from({ length: rows }, (_, row) => row).filter((row) => settled[row] && complete[row]))
}

/** The first check that fails over a pipeline; undefined when all of them pass. */
export function alarmOf(made: Pipeline, series: CandleSeries, seed: number): LeakCheck | undefined {
  const table = made.join(tableOf(made, series))
  const folds = made.folds(table)
  const checks = [
    () => checkCausality(series, (part) => made.features(part), { seed }),
    () => checkLabelReach(series, (part) => made.labels(part), { seed }),
    () => checkFolds(table, folds, { embargo: made.embargo(table) }),
    () => checkRows(table, folds),
    () => checkShuffled(made.learn(withShuffledLabels(table, seed), folds), { seed }),
    () => {
      const informed = made.learn(withOracle(table, seed), folds)
      return checkOracle(informed, informed.kept.includes(oracleColumn))
    },
  ]
  for (const check of checks) {
    const found = check()
    if (!found.passed) return found
  }
  return undefined
}

function tableOf(made: Pipeline, series: CandleSeries): TrainingTable {
  const labels = made.labels(series)
  const settled = new Uint8Array(series.rows).fill(1, warmup)
  const unused = { featureSet: made.name, featureSetHash: '', warmup, naive: new Float64Array(series.rows) }
  return { ...unused, ...made.features(series), ...labels, openTime: series.openTime, close: series.close, settled }
}
