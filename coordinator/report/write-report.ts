import { writeAtomically } from '#platform/files'
import type { BacktestResult } from '../backtest/index.ts'
import type { ReplayResult } from '../replay/index.ts'
import { renderBacktest } from './render-backtest.ts'
import { renderReplay } from './render-replay.ts'
import { renderReport } from './render-report.ts'
import type { ReportData } from './report-data.ts'

/**
 * Renders and writes the report, making its folder if need be. A reader finds the whole new file, or what was there
 * before. Throws DISK_FULL; other file-system errors pass as they are.
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  await writeAtomically(path, renderReport(data))
}

/** The same of a backtest's page. */
export async function writeBacktest(
  path: string,
  result: BacktestResult,
  meta: { readonly createdAt: number; readonly version: string },
): Promise<void> {
  await writeAtomically(path, renderBacktest(result, meta))
}

/** The same of a replay's page. */
export async function writeReplay(
  path: string,
  result: ReplayResult,
  meta: { readonly createdAt: number; readonly version: string },
): Promise<void> {
  await writeAtomically(path, renderReplay(result, meta))
}
