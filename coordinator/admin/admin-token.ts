import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BullpenError } from '#core/errors'

/** 32 random bytes: 43 characters. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/**
 * The token kept in `path`, made on first use: readable by its owner only, whole from the moment it is seen, and the
 * same for processes that ask at the same time. Throws TOKEN_FILE_UNSAFE when others may read it or it is damaged.
 */
export async function adminTokenFile(path: string): Promise<string> {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.draft`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true })
    // Unlike a rename, a link never replaces the token another process has just made.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) throw new BullpenError('TOKEN_FILE_UNSAFE', { path, reason: 'others may read it' })
  const token = await readFile(path, 'utf8')
  if (!tokenPattern.test(token)) throw new BullpenError('TOKEN_FILE_UNSAFE', { path, reason: 'it is not a token' })
  return token
}
