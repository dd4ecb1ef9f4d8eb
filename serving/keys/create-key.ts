import type { ApiKey, ApiKeys, KeyScope } from '#core/registry'
import { keyText, newKey, secretHash } from './key-text.ts'

/** What a new key may do, and until when. */
export interface NewKey {
  readonly name: string
  readonly scope: KeyScope
  /** ms; null: for ever. */
  readonly expiresAt: number | null
}

/** Makes a key. `text` is the only place its secret ever appears: it cannot be shown again. */
export async function createKey(
  keys: Pick<ApiKeys, 'add'>,
  wanted: NewKey,
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  const parts = newKey()
  const key = await keys.add({ ...wanted, id: parts.id, secretSha256: secretHash(parts.secret).toString('hex') })
  return { key, text: keyText(parts) }
}
