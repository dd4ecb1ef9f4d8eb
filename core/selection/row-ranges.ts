/** Rows `start` (inclusive) to `end` (exclusive). Lists of ranges ascend and never overlap. */
export interface RowRange {
  readonly start: number
  readonly end: number
}

/** The shortest list of ranges over ascending row numbers. */
export function rangesOf(rows: ArrayLike<number>): RowRange[] {
  const ranges: RowRange[] = []
  for (let i = 0; i < rows.length;) {
    const start = rows[i]!
    let end = start
    while (i < rows.length && rows[i] === end) {
      i++
      end++
    }
    ranges.push({ start, end })
  }
  return ranges
}

/** How many rows the ranges hold. */
export function countRows(ranges: readonly RowRange[]): number {
  return ranges.reduce((count, { start, end }) => count + end - start, 0)
}

/** Every row of the ranges, ascending. */
export function rowsIn(ranges: readonly RowRange[]): Uint32Array {
  const rows = new Uint32Array(countRows(ranges))
  let at = 0
  for (const { start, end } of ranges) for (let row = start; row < end; row++) rows[at++] = row
  return rows
}

/** The values of one array at some rows. */
export function valuesAt<A extends Float64Array | Float32Array | Int8Array | Uint8Array>(
  array: A,
  rows: Uint32Array,
): A {
  const out = new (array.constructor as new (length: number) => A)(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = array[rows[i]!]!
  return out
}
