import { createHash, randomBytes, randomInt } from 'node:crypto'

/** The two parts of a key. */
export interface KeyParts {
  /** Public. */
  readonly id: string
  readonly secret: string
}

/** 12 characters of id and 256 bits of secret, 43 characters. */
const keyPattern = /^bpk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/

const idAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A new random key. */
export function newKey(): KeyParts {
  const id = Array.from({ length: 12 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('')
  return { id, secret: randomBytes(32).toString('base64url') }
}

/** The key as its holder sends it; `bpk_` tells scanners of repositories what they have found. */
export function keyText({ id, secret }: KeyParts): string {
  return `bpk_${id}_${secret}`
}

/** The parts of a key, undefined when the text is none. */
export function parseKey(text: string): KeyParts | undefined {
  const [, id, secret] = keyPattern.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** What is kept of a secret. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
