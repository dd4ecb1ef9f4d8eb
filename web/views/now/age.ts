import { useMemo } from 'react'
import type { Explanation } from '#client'
import { useNow } from '../../state/use-now.ts'
import { widthOf } from '../../words/times.ts'

export interface Age {
  /** ms since the candle closed, by the service's clock at the time of the answer and counted on since. */
  readonly ageMs: number
  readonly widthMs: number
  /** ms until the next candle closes; negative once it is overdue. */
  readonly nextInMs: number
  /** No candle has closed for more than two widths: as the service says, or as time has since told. */
  readonly stale: boolean
}

/** The age of the data behind a verdict, anew each second; no matter how wrong this device's clock is. */
export function useAge(verdict: Explanation): Age {
  const now = useNow()
  // The moment of the answer: the service's own age is counted on from here.
  const answeredAt = useMemo(() => ({ verdict, at: Date.now() }), [verdict]).at
  const widthMs = widthOf(verdict.timeframe)
  const ageMs = verdict.dataAgeMs + Math.max(0, now - answeredAt)
  return { ageMs, widthMs, nextInMs: widthMs - ageMs, stale: verdict.stale || ageMs > 2 * widthMs }
}
