import type { CandleSeries } from './candle.ts'

/** What a position decided at each row would have brought, as a fraction of what was put in; NaN where it cannot be known. */
export interface ForwardReturns {
  readonly long: Float64Array
  readonly short: Float64Array
}

/**
 * Return after fees of a position decided when row t closes, entered at the open of row t+1 and left at the close of row
 * t+`bars`: at least one bar, `bars` whole and from 1. `feeBps` (1/10,000 of the traded amount) is paid on both sides;
 * a short pays it on what it buys back, too. NaN where the segment ends first: nobody trades across a gap.
 */
export function forwardReturns(
  { rows, open, close, segments }: Pick<CandleSeries, 'rows' | 'open' | 'close' | 'segments'>,
  bars: number,
  feeBps: number,
): ForwardReturns {
  const fee = feeBps / 10_000
  const long = new Float64Array(rows).fill(NaN)
  const short = new Float64Array(rows).fill(NaN)
  for (const segment of segments) {
    for (let t = segment.start; t + bars < segment.end; t++) {
      const entry = open[t + 1]!
      const exit = close[t + bars]!
      long[t] = (exit * (1 - fee)) / (entry * (1 + fee)) - 1
      short[t] = 1 - fee - (exit / entry) * (1 + fee)
    }
  }
  return { long, short }
}
