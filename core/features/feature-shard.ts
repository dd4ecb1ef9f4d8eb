import type { CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import { oneNan, readCandle } from './compute-features.ts'
import type { FeatureSet, FeatureStream } from './feature-set.ts'
import { openFeatureStream } from './feature-stream.ts'

/** Where the computation of a shard starts from. */
export interface ShardStart {
  /** Rows at the start of the candles that only bring the state about and are left out of the shard. */
  readonly warmup: number
  /** State to continue, as {@link FeatureShard.endState}; null: a fresh one. */
  readonly state: Uint8Array | null
}

/** Features of some rows of a series, and the states of the kernels before the first of them and after the last. */
export interface FeatureShard {
  readonly rows: number
  readonly openTime: Float64Array
  /** Column after column, `rows` numbers each; every NaN has the same bits. */
  readonly values: Float64Array
  /** SHA-256 of the state that the first row was computed from. */
  readonly startState: string
  readonly endState: Uint8Array
}

/**
 * Features of the rows of `candles` after its warm-up. What a kernel remembers is all that a row takes from the past,
 * so a shard that starts from the very state in which the shard before it ended has the bits of the whole table.
 * Segments after the first start afresh. Throws DATA_SET_INVALID for a warm-up that leaves no row, or a foreign state.
 */
export function computeShard(candles: CandleSeries, set: FeatureSet, { warmup, state }: ShardStart): FeatureShard {
  const rows = candles.rows - warmup
  if (rows < 1) throw new BullpenError('DATA_SET_INVALID', { reason: `${warmup} rows of warm-up leave no row` })
  const values = new Float64Array(rows * set.columns.length)
  const candle = { openTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }
  let stream: FeatureStream | undefined
  let startState = ''
  for (const segment of candles.segments) {
    stream = openFeatureStream(set)
    if (segment.start === 0 && state) stream.restore(numbersOf(state))
    for (let t = segment.start; t < segment.end; t++) {
      if (t === warmup) startState = sha256(stateBytes(stream))
      readCandle(candles, t, candle)
      const row = stream.step(candle)
      if (t < warmup) continue
      for (let c = 0; c < row.length; c++) values[c * rows + t - warmup] = oneNan(row[c]!)
    }
  }
  return { rows, openTime: candles.openTime.slice(warmup), values, startState, endState: stateBytes(stream!) }
}

const freshStates = new WeakMap<FeatureSet, string>()

/** SHA-256 of the state before the first candle of a segment. */
export function freshState(set: FeatureSet): string {
  const known = freshStates.get(set) ?? sha256(stateBytes(openFeatureStream(set)))
  freshStates.set(set, known)
  return known
}

function stateBytes(stream: FeatureStream): Uint8Array {
  return new Uint8Array(stream.save().map(oneNan).buffer)
}

function numbersOf(state: Uint8Array): Float64Array {
  if (state.length % Float64Array.BYTES_PER_ELEMENT === 0) return new Float64Array(state.slice().buffer)
  throw new BullpenError('DATA_SET_INVALID', { reason: `a state of ${state.length} bytes is not one of whole numbers` })
}
