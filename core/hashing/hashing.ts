import { createHash } from 'node:crypto'

/** SHA-256 of bytes or UTF-8 text, 64 lower-case hex digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** SHA-256 of a value's {@link canonicalJson}: equal values hash equal whatever their key order. */
export function sha256Json(value: unknown): string {
  return sha256(canonicalJson(value))
}

/** JSON with object keys sorted by code unit and `undefined` members left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
