import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BullpenError } from '#core/errors'

/** What a file is to hold, or a function that fills the draft it is given. */
export type FileContent = Uint8Array | string | ((draft: string) => Promise<void>)

/**
 * Writes a file so that it is seen whole or not at all, also after a power cut: a draft is filled, synced and renamed
 * into place. Folders are made as needed. After a failure the draft is gone and the file is as it was.
 *
 * @param drafts the folder of the draft, on the same file system; the file's own by default
 * @throws DISK_FULL, or the system's error as it is
 */
export async function writeAtomically(path: string, content: FileContent, drafts = dirname(path)): Promise<void> {
  const draft = join(drafts, `${basename(path)}.${process.pid}-${randomBytes(6).toString('hex')}.draft`)
  try {
    await mkdir(drafts, { recursive: true })
    await (typeof content === 'function' ? content(draft) : writeFile(draft, content, { flag: 'wx' }))
    await sync(draft)
    await mkdir(dirname(path), { recursive: true })
    await rename(draft, path)
    // The new name lasts only once its folder is on disk.
    await sync(dirname(path))
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw diskError(error, path)
  }
}

/** DISK_FULL when that is what happened, otherwise the error as it was. */
export function diskError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT' ? new BullpenError('DISK_FULL', { path }, { cause: error }) : error
}

/** EEXIST is a file where a folder should be made. */
const wrongPlace = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENAMETOOLONG']

/** USAGE when a path the user gave cannot be written to, otherwise the error as it was. */
export function pathError(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined || !wrongPlace.includes(code)) return error
  return new BullpenError('USAGE', { reason: `cannot write ${path}: ${message}` }, { cause: error })
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
