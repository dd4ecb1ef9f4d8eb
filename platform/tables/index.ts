export { tableFormatOf } from './table.ts'
export type { Table, TableColumn, TableFormat } from './table.ts'
export { writeTable } from './write-table.ts'
