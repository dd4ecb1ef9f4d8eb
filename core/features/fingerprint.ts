import type { Candle } from '#core/candles'
import { sha256, sha256Json } from '#core/hashing'
import { Random } from '#core/random'
import { openRows } from './feature-stream.ts'
import type { FeatureSet } from './feature-set.ts'

const rows = 600

/**
 * SHA-256 of everything a model relies on: names, order, warm-ups, and the exact bits the kernels compute over
 * {@link syntheticCandles}. Bits are portable: the arithmetic is IEEE 754 double without fused operations, and V8's
 * Math functions are software (a port of fdlibm), the same on every processor. NaN alone has processor-dependent bits
 * (0/0 is negative on x86, positive on ARM), so every NaN is hashed as one.
 */
export function fingerprint(set: Omit<FeatureSet, 'hash'>): string {
  const stream = openRows(set)
  const computed = new Float64Array(rows * set.columns.length)
  syntheticCandles(rows).forEach((candle, t) => {
    computed.set(stream.step(candle), t * set.columns.length)
  })
  const values = sha256(new Uint8Array(computed.map((x) => (Number.isNaN(x) ? NaN : x)).buffer))
  const warmups = set.kernels.map(({ family, warmup }) => ({ family, warmup }))
  return sha256Json({ name: set.name, columns: set.columns, warmup: set.warmup, warmups, values })
}

/**
 * A fixed random walk of 4-hour candles with trends, quiet stretches, still stretches (open = high = low = close) and
 * bars without volume, so that every branch of a kernel leaves its mark.
 */
export function syntheticCandles(count: number): Candle[] {
  const random = Random.of('feature-set fingerprint', 1)
  let close = 10_000
  return Array.from({ length: count }, (_, t) => {
    const still = t % 97 >= 90
    const swing = still ? 0 : t % 150 < 50 ? 0.002 : 0.015
    const open = close
    close = cents(open * (1 + swing * random.normal()))
    const high = cents(Math.max(open, close) * (1 + (swing * random.uniform()) / 2))
    const low = cents(Math.min(open, close) * (1 - (swing * random.uniform()) / 2))
    const volume = still ? 0 : cents(1000 * random.uniform())
    return { openTime: 1_577_836_800_000 + t * 14_400_000, open, high, low, close, volume }
  })
}

function cents(price: number): number {
  return Math.round(price * 100) / 100
}
