import type { ForwardReturns } from '#core/candles'
import { predictedTargets } from '#core/evaluation'
import type { ActedRows } from '#core/registry'
import type { VerdictPolicy } from '#core/verdict'
import { nonconformityThreshold } from './conformal.ts'

/** Names {@link choosePolicy} knows. */
export const policyKinds = ['argmax', 'expected-value', 'conformal'] as const

export type PolicyKind = (typeof policyKinds)[number]

/** Answered rows (cross-fitted probabilities) and what a position decided at each would have brought. */
export interface JudgedRows {
  /** Rows x 3: sell, hold, buy. */
  readonly probabilities: Float64Array
  /** -1, 0, 1. */
  readonly target: Int8Array
  /** One entry a row, NaN where unknown. */
  readonly returns: ForwardReturns
}

/** What a policy is chosen for. */
export interface PolicyWish {
  readonly kind: PolicyKind
  /** Of the conformal sets, in (0, 1). */
  readonly coverage: number
  /** Bars a position is held: neighbouring rows share that much of their future. */
  readonly bars: number
}

/** A threshold no row reaches but one whose class is certain: never acts. */
export const never = 1

/** Thresholds tried: 0.00, 0.01, ... 0.99. */
const candidates = Array.from({ length: 100 }, (_, i) => i / 100)

/** A side that acts on fewer rows than this, or than five holding times, is not known to be worth anything. */
const leastActed = 30

/**
 * The verdict policy that would have earned most on the judged rows. For `expected-value` and `conformal` each side's
 * threshold is the one with the highest summed return after fees; when no threshold earns more than nothing the side
 * {@link never} acts. Equal sums go to the higher threshold. `conformal` first chooses the set threshold, and counts
 * only rows whose set is a single class.
 */
export function choosePolicy(judged: JudgedRows, wish: PolicyWish): VerdictPolicy {
  if (wish.kind === 'argmax') return { kind: 'argmax' }
  const { coverage } = wish
  const abstaining = wish.kind === 'conformal' && nonconformityThreshold(judged.probabilities, judged.target, coverage)
  const policyAt = (buy: number, sell: number): VerdictPolicy =>
    abstaining === false
      ? { kind: 'thresholds', buy, sell }
      : { kind: 'conformal', coverage, nonconformity: abstaining, buy, sell }
  const least = Math.max(leastActed, 5 * wish.bars)
  const buy = bestThreshold((t) => actedRows(judged, policyAt(t, never)).buy, least)
  const sell = bestThreshold((t) => actedRows(judged, policyAt(never, t)).sell, least)
  return policyAt(buy, sell)
}

/** Rows on which a policy says buy, and sell, and what they brought after fees. */
export function actedRows(
  { probabilities, returns }: Omit<JudgedRows, 'target'>,
  policy: VerdictPolicy,
): { readonly buy: ActedRows; readonly sell: ActedRows } {
  const said = predictedTargets(probabilities, policy)
  return { buy: summed(said, 1, returns.long), sell: summed(said, -1, returns.short) }
}

function summed(said: Int8Array, wanted: number, returns: Float64Array): ActedRows {
  let rows = 0
  let sum = 0
  for (let i = 0; i < said.length; i++) {
    if (said[i] !== wanted || Number.isNaN(returns[i]!)) continue
    rows++
    sum += returns[i]!
  }
  return { rows, meanReturn: rows === 0 ? 0 : sum / rows }
}

function bestThreshold(at: (threshold: number) => ActedRows, least: number): number {
  let best = never
  let most = 0
  for (const threshold of candidates) {
    const { rows, meanReturn } = at(threshold)
    const sum = rows * meanReturn
    if (rows < least || sum <= 0 || sum < most) continue
    most = sum
    best = threshold
  }
  return best
}
