import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BullpenError } from '#core/errors'
import { renderReport } from './render-report.ts'
import type { ReportData } from './report-data.ts'

/**
 * Renders and writes the report, making its folder if need be. Atomic: a reader finds the whole new file, or what was
 * there before. Throws DISK_FULL; other file-system errors pass as they are.
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const text = renderReport(data)
  const draft = `${path}.${process.pid}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(draft, 'w')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
      throw new BullpenError('DISK_FULL', { path }, { cause: error })
    }
    throw error
  }
}
