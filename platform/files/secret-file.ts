import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BullpenError } from '#core/errors'

export interface Secret {
  /** What it is, for messages, e.g. `a token`. */
  readonly what: string
  make(): string
  /** False for what cannot be one: the file is damaged. */
  isWhole(text: string): boolean
}

/**
 * The secret kept in `path`, made on first use: readable by its owner only, whole from the moment it is seen, and the
 * same for processes that ask at the same time. Throws TOKEN_FILE_UNSAFE when others may read it or it is damaged.
 */
export async function secretFile(path: string, secret: Secret): Promise<string> {
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.draft`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, secret.make(), { mode: 0o600, flag: 'wx', flush: true })
    // Unlike a rename, a link never replaces the secret another process has just made.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return readSecret(path, secret)
}

/** A secret that must be there already. Throws TOKEN_FILE_UNSAFE. */
export async function readSecret(path: string, { what, isWhole }: Omit<Secret, 'make'>): Promise<string> {
  const unsafe = (reason: string) => new BullpenError('TOKEN_FILE_UNSAFE', { path, reason })
  const found = await stat(path).catch(() => {
    throw unsafe('it is not there')
  })
  if ((found.mode & 0o077) !== 0) throw unsafe('others may read it')
  const text = await readFile(path, 'utf8')
  if (!isWhole(text)) throw unsafe(`it is not ${what}`)
  return text
}
