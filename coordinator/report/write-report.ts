import { writeAtomically } from '#platform/files'
import { renderReport } from './render-report.ts'
import type { ReportData } from './report-data.ts'

/**
 * Renders and writes the report, making its folder if need be. A reader finds the whole new file, or what was there
 * before. Throws DISK_FULL; other file-system errors pass as they are.
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  await writeAtomically(path, renderReport(data))
}
