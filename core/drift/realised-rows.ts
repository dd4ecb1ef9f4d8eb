import type { ForwardReturns } from '#core/candles'
import { classProbabilities, verdictOf, verdicts, type VerdictPolicy } from '#core/verdict'

/**
 * What is seen of a verdict some bars later. The label itself is not known where verdicts are served, and may need more
 * future; the outcome stands in for it: the return of the next `bars` bars, called sell or buy beyond two cut points
 * that make the classes as frequent as the labels were in the training window.
 */
export interface OutcomeRule {
  readonly bars: number
  /** Fee a side, in 1/10,000, for the realised return. */
  readonly feeBps: number
  /** Returns before fees, fractions: at most `low` is sell, at least `high` is buy. */
  readonly low: number
  readonly high: number
}

/** Answers in time order with what the market then did. */
export interface AnsweredOutcomes {
  /** Rows x 3: sell, hold, buy. */
  readonly probabilities: ArrayLike<number>
  /** Before fees, to tell the outcome; after fees, to tell what a verdict brought. NaN where not known yet. */
  readonly gross: ForwardReturns
  readonly net: ForwardReturns
}

/** The watched numbers of each answer whose outcome is known; verdicts are those of all answers. */
export interface WatchedRows {
  /** 1 where the verdict is that class, in class order. */
  readonly said: readonly Float64Array[]
  /** Squared distance of the probabilities from the outcome, [0, 2]. */
  readonly brier: Float64Array
  /** Return of following the verdict after fees; 0 for hold. */
  readonly realised: Float64Array
}

/** The policy is applied anew, so that a demoted model's verdicts are watched as what it would have said. */
export function watchedRows(
  { probabilities, gross, net }: AnsweredOutcomes,
  policy: VerdictPolicy,
  { low, high }: OutcomeRule,
): WatchedRows {
  const rows = probabilities.length / verdicts.length
  const said = verdicts.map(() => new Float64Array(rows))
  const brier: number[] = []
  const realised: number[] = []
  for (let i = 0; i < rows; i++) {
    const row = [0, 1, 2].map((c) => probabilities[i * verdicts.length + c]!)
    const verdict = verdictOf(classProbabilities(row), policy)
    said[verdicts.indexOf(verdict)]![i] = 1
    const move = gross.long[i]!
    if (Number.isNaN(move)) continue
    const outcome = move >= high ? 2 : move <= low ? 0 : 1
    brier.push(row.reduce((sum, p, c) => sum + (p - (c === outcome ? 1 : 0)) ** 2, 0))
    realised.push(verdict === 'buy' ? net.long[i]! : verdict === 'sell' ? net.short[i]! : 0)
  }
  return { said, brier: Float64Array.from(brier), realised: Float64Array.from(realised) }
}

/** Cut points that call as large a share of `returns` sell, and buy, as of `target` (-1, 0, 1); NaN returns are left out. */
export function outcomeCuts(returns: ArrayLike<number>, target: ArrayLike<number>): Pick<OutcomeRule, 'low' | 'high'> {
  const known = Float64Array.from(Array.from(returns).filter((value) => !Number.isNaN(value))).sort()
  const share = (wanted: number) => Array.from(target).filter((value) => value === wanted).length / target.length
  const at = (rank: number) => known[Math.min(known.length - 1, Math.max(0, Math.round(rank * known.length)))]!
  return { low: at(share(-1)), high: at(1 - share(1)) }
}
