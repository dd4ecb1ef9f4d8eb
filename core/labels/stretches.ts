import type { CandleSeries, Segment } from '#core/candles'

/**
 * The longest runs of rows whose bars follow each other without a hole. Gaps end them whatever the gap policy: nobody
 * can act on a bar that is missing, so a label of a trade never runs across one.
 */
export function stretchesOf({ segments, openTime, widthMs }: CandleSeries): Segment[] {
  return segments.flatMap(({ start, end }) => {
    const stretches: Segment[] = []
    let from = start
    for (let t = start + 1; t <= end; t++) {
      if (t < end && openTime[t]! - openTime[t - 1]! === widthMs) continue
      stretches.push({ start: from, end: t })
      from = t
    }
    return stretches
  })
}
