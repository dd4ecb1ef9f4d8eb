import { rename, rm } from 'node:fs/promises'
import { BullpenError } from '#core/errors'

/** System errors that mean the place is wrong, not that writing went wrong. */
const wrongPlace = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ENAMETOOLONG']

/**
 * Lets `write` fill a new file beside `path`, then moves it there: readers see the old file or the whole new one. After
 * a failure the new file is gone. Throws DISK_FULL, and USAGE where nothing can be written.
 */
export async function writeAtomically(path: string, write: (file: string) => Promise<void>): Promise<void> {
  const file = `${path}.${process.pid}.${Date.now()}.tmp`
  try {
    await write(file)
    await rename(file, path)
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined)
    throw described(error, path)
  }
}

function described(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new BullpenError('DISK_FULL', { path }, { cause: error })
  if (code === undefined || !wrongPlace.includes(code)) return error
  return new BullpenError('USAGE', { reason: `cannot write ${path}: ${message}` }, { cause: error })
}
