export { renderBacktest } from './render-backtest.ts'
export { renderReport } from './render-report.ts'
export type { ReportData } from './report-data.ts'
export { writeBacktest, writeReport } from './write-report.ts'
