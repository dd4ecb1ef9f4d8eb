import { BullpenError } from '#core/errors'
import type { CandleSeries, Gap, GapPolicy, Segment } from './candle.ts'
import { formatTime } from './time.ts'

/** Every hole between sorted times that stand whole widths apart. */
export function findGaps(openTime: Float64Array, widthMs: number): Gap[] {
  const gaps: Gap[] = []
  for (let i = 1; i < openTime.length; i++) {
    const [after, before] = [openTime[i - 1]!, openTime[i]!]
    const missing = (before - after) / widthMs - 1
    if (missing > 0) gaps.push({ after, before, missing })
  }
  return gaps
}

/** What the policy makes of the gaps: one segment over all rows, or one per unbroken stretch. Throws CANDLES_GAPS. */
export function segmentsOf(
  openTime: Float64Array,
  gaps: readonly Gap[],
  policy: GapPolicy,
  source: string,
): readonly Segment[] {
  const [first] = gaps
  if (policy === 'reject' && first) {
    throw new BullpenError('CANDLES_GAPS', {
      source,
      count: gaps.length,
      total: gaps.reduce((sum, { missing }) => sum + missing, 0),
      missing: first.missing,
      after: formatTime(first.after),
      before: formatTime(first.before),
    })
  }
  if (policy !== 'split') return [{ start: 0, end: openTime.length }]
  const starts = [0]
  let row = 0
  for (const { before } of gaps) {
    while (openTime[row]! < before) row++
    starts.push(row)
  }
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? openTime.length }))
}

/** The same bars under another gap policy, e.g. for a series from a cache. Throws CANDLES_GAPS. */
export function withGapPolicy(series: CandleSeries, policy: GapPolicy): CandleSeries {
  return { ...series, segments: segmentsOf(series.openTime, series.gaps, policy, series.symbol) }
}
