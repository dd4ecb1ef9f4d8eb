import { createHash, timingSafeEqual } from 'node:crypto'

/** Whom a browser signs in as; the password is the token. */
export const adminUser = 'bullpen'

/**
 * A check of `Authorization` headers against `token`: Bearer, or Basic with {@link adminUser}, which browsers can send.
 * Hashes are compared, so that neither the token nor its length shows in the time an answer takes.
 */
export function authorizer(token: string): (header: string | undefined) => boolean {
  const wanted = digest(token)
  return (header) => {
    const given = tokenIn(header ?? '')
    return given !== undefined && timingSafeEqual(digest(given), wanted)
  }
}

function tokenIn(header: string): string | undefined {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(header) ?? []
  if (value === undefined) return undefined
  if (scheme!.toLowerCase() === 'bearer') return value
  const credentials = Buffer.from(value, 'base64').toString('utf8')
  return credentials.startsWith(`${adminUser}:`) ? credentials.slice(adminUser.length + 1) : undefined
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
