export { renderReport } from './render-report.ts'
export type { ReportData } from './report-data.ts'
export { writeReport } from './write-report.ts'
