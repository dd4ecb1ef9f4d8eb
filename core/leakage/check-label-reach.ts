import type { CandleSeries } from '#core/candles'
import type { Labels } from '#core/labels'
import { Random } from '#core/random'
import type { LeakCheck } from '#core/registry'
import { mutateFuture } from './mutate-future.ts'

/**
 * A label says how far it reads, and purging believes it. At seeded rows every candle after that reach is made up; the
 * label of the row may not change. Rows whose label is incomplete are left out: nothing trains on them.
 */
export function checkLabelReach(
  series: CandleSeries,
  label: (series: CandleSeries) => Pick<Labels, 'target' | 'reach' | 'complete'>,
  { seed, rows: count = 12 }: { readonly seed: number; readonly rows?: number },
): LeakCheck {
  const { target, reach, complete } = label(series)
  const candidates = Array.from(target.keys()).filter((row) => complete[row] === 1 && reach[row]! < series.rows - 1)
  const order = Random.of(seed, 'label rows').permutation(candidates.length)
  const rows = Array.from(order.subarray(0, count), (i) => candidates[i]!)
  const short = rows.filter((row) => {
    const again = label(mutateFuture(series, reach[row]!, seed))
    return again.target[row] !== target[row] || reach[row]! < row
  })
  return {
    name: 'label-reach',
    passed: short.length === 0,
    summary:
      short.length === 0
        ? `${rows.length} labels do not change with candles beyond their reach`
        : `${short.length} of ${rows.length} labels read further than they say, e.g. that of row ${short[0]}`,
    figures: { rows: rows.length, short: short.length },
  }
}
