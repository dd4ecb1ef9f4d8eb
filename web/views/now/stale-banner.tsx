import type { Explanation } from '#client'
import { duration, minute } from '../../words/times.ts'
import { useAge } from './age.ts'

/** Stands above a verdict whose candle is too old to act on. */
export function StaleBanner({ verdict }: { readonly verdict: Explanation }) {
  const { ageMs, stale } = useAge(verdict)
  if (!stale) return null
  return (
    <div className="stale-banner" role="alert">
      <strong>Stale.</strong> The newest candle closed {minute(verdict.candle.closeTime)},{' '}
      <span aria-hidden="true">{duration(ageMs)} ago</span>. The verdict below is for that candle, not for now.
    </div>
  )
}
