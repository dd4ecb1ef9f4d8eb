export { decodeColumns, encodeColumns } from './columnar.ts'
export type { ColumnArray, ColumnFile } from './columnar.ts'
