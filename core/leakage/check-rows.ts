import { sha256 } from '#core/hashing'
import type { LeakCheck } from '#core/registry'
import { rowsIn, type Fold, type TrainingTable } from '#core/selection'

/** One test row in a thousand may look like a training row: flat markets repeat themselves. */
const allowedShare = 0.001

/**
 * Every row is a candle of its own, and no fold tests a row it was trained on in another place: open times rise
 * strictly, and test rows do not repeat training rows in every feature.
 */
export function checkRows(
  table: Pick<TrainingTable, 'rows' | 'columns' | 'values' | 'openTime'>,
  folds: readonly Fold[],
): LeakCheck {
  const { rows, openTime } = table
  let disordered = 0
  for (let row = 1; row < rows; row++) if (!(openTime[row]! > openTime[row - 1]!)) disordered++
  const fingerprints = Array.from({ length: rows }, (_, row) => fingerprint(table, row))
  let tested = 0
  let repeated = 0
  for (const { trainRows, testRows } of folds) {
    const trained = new Set(Array.from(rowsIn(trainRows), (row) => fingerprints[row]!))
    for (const row of rowsIn(testRows)) {
      tested++
      if (trained.has(fingerprints[row]!)) repeated++
    }
  }
  const passed = disordered === 0 && repeated <= allowedShare * tested
  return {
    name: 'rows-distinct',
    passed,
    summary: passed
      ? `${rows} rows are candles of their own; ${repeated} of ${tested} test rows look like a training row`
      : `${disordered} rows do not open after the one before; ${repeated} of ${tested} test rows repeat a training row`,
    figures: { rows, disordered, tested, repeated },
  }
}

function fingerprint(
  { rows, columns, values }: Pick<TrainingTable, 'rows' | 'columns' | 'values'>,
  row: number,
): string {
  return sha256(new Uint8Array(Float64Array.from(columns, (_, c) => values[c * rows + row]!).buffer))
}
