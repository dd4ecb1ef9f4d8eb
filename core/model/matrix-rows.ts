import type { Matrix } from './booster.ts'

/** Some rows of a matrix, in that order, as a matrix of their own. */
export function matrixRows({ columns, data }: Matrix, rows: Uint32Array): Matrix {
  const out = new Float32Array(rows.length * columns)
  rows.forEach((row, i) => {
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
  })
  return { rows: rows.length, columns, data: out }
}
