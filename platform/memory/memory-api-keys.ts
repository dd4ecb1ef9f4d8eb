import { BullpenError } from '#core/errors'
import type { ApiKey, ApiKeys, StoredApiKey } from '#core/registry'

/** Keys that live as long as the object. */
export class MemoryApiKeys implements ApiKeys {
  readonly #keys = new Map<string, StoredApiKey>()
  readonly #clock: () => number

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  add(key: Parameters<ApiKeys['add']>[0]): Promise<ApiKey> {
    const stored = { ...key, createdAt: this.#clock(), revokedAt: null }
    this.#keys.set(key.id, stored)
    return Promise.resolve(withoutSecret(stored))
  }

  find(id: string): Promise<StoredApiKey | null> {
    return Promise.resolve(this.#keys.get(id) ?? null)
  }

  list(): Promise<ApiKey[]> {
    return Promise.resolve([...this.#keys.values()].reverse().map(withoutSecret))
  }

  revoke(id: string): Promise<ApiKey> {
    const key = this.#keys.get(id)
    if (key === undefined) return Promise.reject(new BullpenError('KEY_NOT_FOUND', { id }))
    const revoked = { ...key, revokedAt: key.revokedAt ?? this.#clock() }
    this.#keys.set(id, revoked)
    return Promise.resolve(withoutSecret(revoked))
  }
}

function withoutSecret({ id, name, scope, createdAt, expiresAt, revokedAt }: StoredApiKey): ApiKey {
  return { id, name, scope, createdAt, expiresAt, revokedAt }
}
