import { randomBytes } from 'node:crypto'
import { secretFile } from '#platform/files'

/** 32 random bytes: 43 characters. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/** The token of the admin port kept in `path`, made on first use. Throws TOKEN_FILE_UNSAFE. */
export function adminTokenFile(path: string): Promise<string> {
  return secretFile(path, {
    what: 'a token',
    make: () => randomBytes(32).toString('base64url'),
    isWhole: (text) => tokenPattern.test(text),
  })
}
