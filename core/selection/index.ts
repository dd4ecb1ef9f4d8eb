export type { TrainingTable } from './training-table.ts'
