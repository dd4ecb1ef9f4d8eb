import { createHash } from 'node:crypto'

/**
 * Keyed pseudo-random numbers: a stream is named by its keys (`Random.of(seed, 'trial', 7)`), so what a trial draws
 * does not depend on which thread ran it or what ran before. Generator: xoshiro128** (Blackman & Vigna 2018,
 * "Scrambled linear pseudorandom number generators"), seeded with 128 bits of SHA-256 of the keys.
 */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number
  private spareNormal: number | undefined

  private constructor(state: readonly [number, number, number, number]) {
    ;[this.a, this.b, this.c, this.d] = state
  }

  static of(...keys: readonly (string | number)[]): Random {
    const digest = createHash('sha256').update(JSON.stringify(keys)).digest()
    const word = (i: number) => digest.readInt32LE(i * 4)
    return new Random([word(0) | 1, word(1), word(2), word(3)])
  }

  /** Uniform unsigned 32-bit integer. */
  uint32(): number {
    const result = Math.imul(rotl(Math.imul(this.b, 5), 7), 9)
    const t = this.b << 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= t
    this.d = rotl(this.d, 11)
    return result >>> 0
  }

  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992
  }

  /** Uniform integer in [0, bound); bound from 1 to 2^32. Unbiased by rejection. */
  below(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound)
    let value = this.uint32()
    while (value >= limit) value = this.uint32()
    return value % bound
  }

  /** Standard normal, Marsaglia's polar method (1964). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal
      this.spareNormal = undefined
      return spare
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const factor = Math.sqrt((-2 * Math.log(s)) / s)
      this.spareNormal = v * factor
      return u * factor
    }
  }

  /** A uniformly random ordering of 0..n-1 (Fisher-Yates). */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n)
    for (let i = 0; i < n; i++) order[i] = i
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const held = order[i]!
      order[i] = order[j]!
      order[j] = held
    }
    return order
  }
}

function rotl(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k))
}
