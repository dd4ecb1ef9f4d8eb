import { timingSafeEqual } from 'node:crypto'
import { BullpenError } from '#core/errors'
import type { ApiKeys, KeyScope, StoredApiKey } from '#core/registry'
import { parseKey, secretHash, type KeyParts } from './key-text.ts'

/** Whom a request comes from. */
export interface KeyHolder {
  readonly id: string
  readonly scope: KeyScope
}

export interface KeyDeskOptions {
  readonly keys: Pick<ApiKeys, 'find'>
  readonly now: () => number
  /** How long what the store said counts, ms: how late a revocation may take effect. 2,000 unless given. */
  readonly freshMs?: number
  /** Ids remembered at most; 1,000 unless given. */
  readonly remembered?: number
}

interface Remembered {
  readonly key: StoredApiKey | null
  readonly secret: Buffer
  readonly until: number
}

/** While the store cannot be asked, what it last said counts for so long: serving outlives the database. */
const staleMs = 300_000

/**
 * Tells whose key a request carries. A key it knows is recognised at once, without the store; the secret itself is
 * never kept, and its hash is compared in constant time.
 */
export class KeyDesk {
  readonly #keys: Pick<ApiKeys, 'find'>
  readonly #now: () => number
  readonly #freshMs: number
  readonly #limit: number
  readonly #known = new Map<string, Remembered>()

  constructor({ keys, now, freshMs = 2000, remembered = 1000 }: KeyDeskOptions) {
    this.#keys = keys
    this.#now = now
    this.#freshMs = freshMs
    this.#limit = remembered
  }

  /** The holder when the key is known and fresh: KEY_REFUSED is thrown for a wrong one, undefined when {@link ask} must be. */
  recall(text: string): KeyHolder | undefined {
    const parts = this.#parse(text)
    const known = this.#known.get(parts.id)
    return known === undefined || known.until < this.#now() ? undefined : this.#admit(parts, known)
  }

  /** Asks the store. Throws KEY_REFUSED, DATABASE_UNAVAILABLE. */
  async ask(text: string): Promise<KeyHolder> {
    const parts = this.#parse(text)
    return this.#admit(parts, await this.#look(parts.id))
  }

  async #look(id: string): Promise<Remembered> {
    try {
      const key = await this.#keys.find(id)
      return this.#remember(id, key)
    } catch (error) {
      const known = this.#known.get(id)
      if (known === undefined || known.until + staleMs < this.#now()) throw error
      return known
    }
  }

  #remember(id: string, key: StoredApiKey | null): Remembered {
    const secret = Buffer.from(key?.secretSha256 ?? '', 'hex')
    const entry = { key, secret, until: this.#now() + this.#freshMs }
    // Oldest out first: a Map keeps the order of insertion.
    this.#known.delete(id)
    this.#known.set(id, entry)
    if (this.#known.size > this.#limit) this.#known.delete(this.#known.keys().next().value!)
    return entry
  }

  #admit({ secret }: KeyParts, { key, secret: wanted }: Remembered): KeyHolder {
    const given = secretHash(secret)
    const isRight = wanted.length === given.length && timingSafeEqual(given, wanted)
    if (!isRight || key === null) throw new BullpenError('KEY_REFUSED')
    const isOver = key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= this.#now())
    if (isOver) throw new BullpenError('KEY_REFUSED')
    return { id: key.id, scope: key.scope }
  }

  #parse(text: string): KeyParts {
    const parts = parseKey(text)
    if (parts === undefined) throw new BullpenError('KEY_REFUSED')
    return parts
  }
}
