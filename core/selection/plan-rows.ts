import { BullpenError } from '#core/errors'
import { clearOf, defaultEmbargo } from './embargo.ts'
import type { Splitter } from './fold.ts'
import { rangesOf, rowsIn, type RowRange } from './row-ranges.ts'
import { purged } from './splits.ts'
import type { TrainingTable } from './training-table.ts'

/** What a plan reads of a table. */
export type PlannedTable = Pick<TrainingTable, 'rows' | 'reach' | 'maxReach' | 'complete' | 'settled' | 'warmup'>

/** Which rows do what in a run. */
export interface RowPlan {
  /** Features settled and label complete. */
  readonly usable: readonly RowRange[]
  /** For selection and search. */
  readonly development: readonly RowRange[]
  /** The tail that neither selection nor search sees; scored once at the end. */
  readonly heldOut: readonly RowRange[]
  /** Whole rows between any two labels on either side of a border. */
  readonly embargo: number
}

/** Rows for ranking columns: a model is fitted on the first and judged on the second. */
export interface SelectionPlan {
  readonly trainRows: readonly RowRange[]
  readonly testRows: readonly RowRange[]
}

/** Fewer training or test rows than these decide nothing: about 20 independent swing labels train, 5 test a fold. */
const leastRows = { train: 200, test: 50 }

/** The reference's selection rows as shares of its 8,200: train 300..6000, test 6200..8500 (baseline-training.md 2). */
const selectionTrainShare = 5700 / 8200
const selectionTestShare = 2300 / 8200

/** What a plan must bear. */
export interface PlanOptions {
  /** Share of the usable rows held out, in (0, 1). */
  readonly heldOutShare?: number
  /** How the search cuts the rows it is given; purged into five unless told otherwise. */
  readonly splits?: Pick<Splitter, 'folds' | 'rowsFor'>
  /** With outer steps: how they cut the development rows; the training rows of each are cut by `splits` again. */
  readonly outer?: Pick<Splitter, 'folds' | 'rowsFor'>
}

/**
 * Splits usable rows into development rows and a held-out tail, separated by label reach and embargo. Throws
 * TOO_FEW_ROWS with the number of candles that would do.
 */
export function planRows(table: PlannedTable, options: PlanOptions = {}): RowPlan {
  const embargo = defaultEmbargo(table)
  const { heldOutShare = 0.15, splits = purged(5, embargo), outer } = options
  const usable = usableRows(table)
  const lost = embargo + table.maxReach
  const learning = Math.max(splits.rowsFor(leastRows, table.maxReach), developmentForSelection(lost))
  const development = outer ? outer.rowsFor({ ...leastRows, train: learning }, table.maxReach) : learning
  const needed = Math.ceil(Math.max((development + lost) / (1 - heldOutShare), leastRows.test / heldOutShare)) + 1
  if (usable.length < needed) {
    // A series with no usable row does not show how many the warm-up and the unfinished labels take: assume the most.
    const unusable = usable.length > 0 ? table.rows - usable.length : table.warmup + table.maxReach
    throw new BullpenError('TOO_FEW_ROWS', {
      rows: table.rows,
      needed: unusable + needed,
      why: `${unusable} for warm-up and unfinished labels, ${needed} for ${outer ? `${outer.folds} outer steps, ` : ''}${splits.folds} folds, selection and the held-out tail`,
    })
  }
  const border = usable.length - Math.round(usable.length * heldOutShare)
  const heldOut = rangesOf(usable.subarray(border))
  return {
    usable: rangesOf(usable),
    development: clearOf(table, rangesOf(usable.subarray(0, border)), heldOut, embargo),
    heldOut,
    embargo,
  }
}

/** Cuts development rows for feature selection: the first ~70 % train, the last ~28 % test, embargo between. */
export function planSelection(table: PlannedTable, development: readonly RowRange[], embargo: number): SelectionPlan {
  const rows = rowsIn(development)
  const testRows = rangesOf(rows.subarray(rows.length - Math.round(rows.length * selectionTestShare)))
  const early = rangesOf(rows.subarray(0, Math.round(rows.length * selectionTrainShare)))
  return { trainRows: clearOf(table, early, testRows, embargo), testRows }
}

/**
 * Takes the last `share` of training rows for early stopping and clears the rest of them, so that the stopping rule
 * sees no label it was fitted on.
 */
export function holdBack(
  table: PlannedTable,
  trainRows: readonly RowRange[],
  options: { share: number; embargo: number },
): { trainRows: RowRange[]; evaluationRows: RowRange[] } {
  const rows = rowsIn(trainRows)
  const border = rows.length - Math.round(rows.length * options.share)
  const evaluationRows = rangesOf(rows.subarray(border))
  return {
    trainRows: clearOf(table, rangesOf(rows.subarray(0, border)), evaluationRows, options.embargo),
    evaluationRows,
  }
}

function usableRows({ rows, settled, complete }: PlannedTable): Uint32Array {
  const all = Uint32Array.from({ length: rows }, (_, row) => row)
  return all.filter((row) => settled[row] === 1 && complete[row] === 1)
}

function developmentForSelection(lost: number): number {
  return Math.max((leastRows.train + lost) / selectionTrainShare, leastRows.test / selectionTestShare)
}
