/** What a key may do; each includes the ones before it. */
export const keyScopes = ['read', 'write', 'admin'] as const

export type KeyScope = (typeof keyScopes)[number]

/** A key of the service as people see it. Times in ms. */
export interface ApiKey {
  /** Twelve characters, public: names the key in logs and listings. */
  readonly id: string
  /** What it is for, in the operator's words. */
  readonly name: string
  readonly scope: KeyScope
  readonly createdAt: number
  /** When it stops to work; null: never. */
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

/** With the only thing kept of its secret: the SHA-256, which suffices because the secret is 256 random bits. */
export interface StoredApiKey extends ApiKey {
  /** 64 hex digits. */
  readonly secretSha256: string
}

/** Keys of the service. Safe for concurrent use by many processes; database adapters throw DATABASE_UNAVAILABLE. */
export interface ApiKeys {
  /** Ids are random and never repeat. Answers the key with its time of creation. */
  add(key: Omit<StoredApiKey, 'createdAt' | 'revokedAt'>): Promise<ApiKey>
  /** Also a key that has expired or was revoked: whoever asks decides. Null when there is none. */
  find(id: string): Promise<StoredApiKey | null>
  /** Newest first, without secrets. */
  list(): Promise<ApiKey[]>
  /** Ends a key for good. Idempotent: the first time stays. Throws KEY_NOT_FOUND. */
  revoke(id: string): Promise<ApiKey>
}
