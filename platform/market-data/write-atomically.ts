import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BullpenError } from '#core/errors'

/** Writes a file so that it is seen whole or not at all, also after a power cut. Throws DISK_FULL. */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${Date.now()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw diskError(error, path)
  }
}

/** DISK_FULL when that is what happened, otherwise the error as it was. */
export function diskError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT' ? new BullpenError('DISK_FULL', { path }, { cause: error }) : error
}
