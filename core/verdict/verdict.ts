/** The one answer a bot needs. The reference's words sell / pass / buy and down / pass / up mean the same three. */
export type Verdict = 'sell' | 'hold' | 'buy'

/** Class order everywhere: column 0 sell (target -1), 1 hold (0), 2 buy (+1). */
export const verdicts = ['sell', 'hold', 'buy'] as const satisfies readonly Verdict[]

/** Probability of each verdict, each in [0, 1], summing to 1. */
export type ClassProbabilities = Readonly<Record<Verdict, number>>

/**
 * How probabilities become a verdict. `argmax` takes the most probable class, ties to hold. `thresholds` says buy or
 * sell only when that class reaches its threshold (in [0, 1]) and beats the opposite one, otherwise hold. `conformal`
 * says buy or sell only when, beyond its threshold, it is the one class of the {@link predictionSet} at
 * `nonconformity` (in [0, 1]): an empty set, or one of several classes, is hold.
 */
export type VerdictPolicy =
  | { readonly kind: 'argmax' }
  | { readonly kind: 'thresholds'; readonly buy: number; readonly sell: number }
  | {
      readonly kind: 'conformal'
      /** Share of rows whose set was to hold the true class, in (0, 1): what `nonconformity` was chosen for. */
      readonly coverage: number
      readonly nonconformity: number
      readonly buy: number
      readonly sell: number
    }

/** Class index 0..2 of a target -1, 0, 1. */
export function classOfTarget(target: number): number {
  return target + 1
}

/** Target -1, 0, 1 of a class index 0..2. */
export function targetOfClass(index: number): number {
  return index - 1
}

/** Names the three numbers of a probability row, which is in class order. */
export function classProbabilities(row: ArrayLike<number>): ClassProbabilities {
  return { sell: row[0]!, hold: row[1]!, buy: row[2]! }
}

/** The verdict of one row of probabilities under a policy. */
export function verdictOf(p: ClassProbabilities, policy: VerdictPolicy = { kind: 'argmax' }): Verdict {
  const leaning = leaningOf(p, policy)
  if (policy.kind !== 'conformal' || leaning === 'hold') return leaning
  const set = predictionSet(p, policy.nonconformity)
  return set.length === 1 && set[0] === leaning ? leaning : 'hold'
}

/**
 * The classes that cannot be ruled out: those whose nonconformity 1 - p is at most the threshold, in class order. The
 * least ambiguous set-valued classifier of Sadinle, Lei & Wasserman (2019, JASA 114); at 1 it holds every class.
 */
export function predictionSet(p: ClassProbabilities, nonconformity: number): readonly Verdict[] {
  return verdicts.filter((verdict) => 1 - p[verdict] <= nonconformity)
}

function leaningOf(p: ClassProbabilities, policy: VerdictPolicy): Verdict {
  const buyAllowed = policy.kind === 'argmax' ? p.buy > p.hold : p.buy >= policy.buy
  const sellAllowed = policy.kind === 'argmax' ? p.sell > p.hold : p.sell >= policy.sell
  if (buyAllowed && p.buy > p.sell) return 'buy'
  if (sellAllowed && p.sell > p.buy) return 'sell'
  return 'hold'
}
