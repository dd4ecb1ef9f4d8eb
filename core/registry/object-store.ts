/**
 * Content-addressed bytes. The key is the SHA-256 of the content, so writes are idempotent, nothing is overwritten and
 * every read is checked. Implementations promise that a half-written object is never visible: a reader sees the whole
 * object or OBJECT_NOT_FOUND. Safe for concurrent use by many processes.
 */
export interface ObjectStore {
  /** For messages, e.g. `folder .bullpen/objects` or `s3://bucket/prefix`. */
  readonly describe: string
  /** Stores and returns the SHA-256 (64 hex digits). Throws DISK_FULL, OBJECT_STORE_UNAVAILABLE. */
  put(content: Uint8Array): Promise<string>
  /** Reads and verifies. Throws OBJECT_NOT_FOUND, OBJECT_CORRUPT (names both hashes), OBJECT_STORE_UNAVAILABLE. */
  get(sha256: string): Promise<Uint8Array>
  has(sha256: string): Promise<boolean>
}

/** Whether a text can be the key of an object: 64 lower-case hex digits. Anything else is never looked up. */
export function isObjectName(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
