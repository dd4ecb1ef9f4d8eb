import type { CandleSeries, Gap } from './candle.ts'
import { formatTime, formatTimeframe } from './time.ts'

/** What `bullpen candles check` says of a series. Times are ISO 8601 in UTC. */
export interface SeriesSummary {
  readonly symbol: string
  readonly timeframe: string
  readonly widthMs: number
  readonly rows: number
  readonly first: string
  readonly last: string
  readonly gaps: readonly { readonly after: string; readonly before: string; readonly missing: number }[]
  /** Bars missing in all gaps together. */
  readonly missing: number
  readonly segments: number
  readonly duplicatesDropped: number
}

export function summarizeSeries(series: CandleSeries): SeriesSummary {
  return {
    symbol: series.symbol,
    timeframe: formatTimeframe(series.widthMs),
    widthMs: series.widthMs,
    rows: series.rows,
    first: formatTime(series.openTime[0]!),
    last: formatTime(series.openTime.at(-1)!),
    gaps: series.gaps.map(({ after, before, missing }: Gap) => ({
      after: formatTime(after),
      before: formatTime(before),
      missing,
    })),
    missing: series.gaps.reduce((sum, gap) => sum + gap.missing, 0),
    segments: series.segments.length,
    duplicatesDropped: series.duplicatesDropped,
  }
}
