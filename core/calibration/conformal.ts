import type { Coverage } from '#core/registry'
import { classProbabilities, predictionSet, targetOfClass, verdicts } from '#core/verdict'

/**
 * Split conformal prediction (Vovk, Gammerman & Shafer 2005) with the score 1 - p(true class) of Sadinle, Lei &
 * Wasserman (2019): the ceil((n+1) coverage)-th smallest score of n rows the model was not fitted on. Sets at this
 * threshold hold the true class of a new row with probability at least `coverage` (in (0, 1)) when the rows are
 * exchangeable with it, and at most 1/(n+1) more. Rows of a market are not, so {@link coverageOf} measures it on later
 * rows. 1, the set of all classes, when there are too few rows to promise as much.
 */
export function nonconformityThreshold(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  coverage: number,
): number {
  const scores = Float64Array.from(target, (value, i) => 1 - probabilities[i * verdicts.length + value + 1]!).sort()
  const rank = Math.ceil((scores.length + 1) * coverage)
  return rank > scores.length ? 1 : scores[rank - 1]!
}

/** What the sets at a threshold were worth on some rows. */
export function coverageOf(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  nonconformity: number,
): Coverage {
  let [held, single, empty, size] = [0, 0, 0, 0]
  for (let i = 0; i < target.length; i++) {
    const at = i * verdicts.length
    const row = [probabilities[at]!, probabilities[at + 1]!, probabilities[at + 2]!]
    const set = predictionSet(classProbabilities(row), nonconformity)
    size += set.length
    if (set.length === 0) empty++
    if (set.length === 1) single++
    if (set.some((verdict) => targetOfClass(verdicts.indexOf(verdict)) === target[i])) held++
  }
  const rows = target.length
  return { rows, coverage: held / rows, single: single / rows, empty: empty / rows, size: size / rows }
}
