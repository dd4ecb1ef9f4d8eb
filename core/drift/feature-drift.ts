import { countInto, histogramOf, kolmogorovSmirnov, stabilityIndex } from './feature-histogram.ts'
import type { DriftReference, ReferenceColumn } from './drift-reference.ts'
import { limitOf } from './window-limits.ts'

/** A statistic of one column in a window, and how many times its usual value that is. */
export interface ColumnDrift {
  readonly column: string
  readonly psi: number
  readonly ks: number
  readonly psiRatio: number
  readonly ksRatio: number
}

/** A quarter of a window lies between the starts of two: more windows, though not independent ones. */
const stepShare = 4

/** Below this a usual statistic is no unit to measure by: a column that hardly ever moves would alarm at nothing. */
const leastUsual = 0.01

/**
 * Histograms of the training rows and the limits of their drift: every window of `window` consecutive rows is compared
 * with the rows outside it, as a new window will be with all of them. `columns` hold one value a row, in time order.
 */
export function featureReference(
  columns: readonly { readonly name: string; readonly values: Float64Array }[],
  window: number,
  rate: number,
): Pick<DriftReference, 'columns' | 'psi' | 'ks'> {
  const rows = columns[0]!.values.length
  const step = Math.max(1, Math.floor(window / stepShare))
  const starts = Array.from({ length: Math.floor((rows - window) / step) + 1 }, (_, i) => i * step)
  const measured = columns.map(({ name, values }) => {
    const { edges, counts } = histogramOf(values)
    const windows = starts.map((start) => {
      const inside = countInto(edges, values.subarray(start, start + window))
      const outside = counts.map((count, bin) => count - inside[bin]!)
      return { psi: stabilityIndex(outside, inside), ks: kolmogorovSmirnov(outside, inside) }
    })
    const usual = (pick: (each: { psi: number; ks: number }) => number) =>
      Math.max(leastUsual, windows.reduce((sum, each) => sum + pick(each), 0) / windows.length)
    const column = {
      name,
      edges: [...edges],
      counts: [...counts],
      usualPsi: usual((w) => w.psi),
      usualKs: usual((w) => w.ks),
    }
    return { column, windows }
  })
  const largest = (ratio: (column: ReferenceColumn, at: { psi: number; ks: number }) => number) =>
    starts.map((_, i) => Math.max(...measured.map(({ column, windows }) => ratio(column, windows[i]!))))
  return {
    columns: measured.map(({ column }) => column),
    psi: limitOf(
      largest((column, { psi }) => psi / column.usualPsi),
      rate,
    ),
    ks: limitOf(
      largest((column, { ks }) => ks / column.usualKs),
      rate,
    ),
  }
}

/** Every column of a new window against the training rows, the one that moved most first. */
export function featureDrift(
  reference: Pick<DriftReference, 'columns'>,
  valuesOf: (column: string) => ArrayLike<number>,
): ColumnDrift[] {
  const columns = reference.columns.map(({ name, edges, counts, usualPsi, usualKs }) => {
    const now = countInto(edges, valuesOf(name))
    const [psi, ks] = [stabilityIndex(counts, now), kolmogorovSmirnov(counts, now)]
    return { column: name, psi, ks, psiRatio: psi / usualPsi, ksRatio: ks / usualKs }
  })
  return columns.sort((a, b) => b.psiRatio - a.psiRatio)
}
