import { BullpenError } from '#core/errors'

/**
 * Area under the ROC curve with a weight for each row, ties counting half: the chance that a positive row scores above
 * a negative one when rows are drawn by weight (scikit-learn's `roc_auc_score(sample_weight=...)`). `positives` holds 1
 * and 0, both of them. Throws DATA_SET_INVALID for NaN.
 */
export function weightedRocAuc(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let positiveTotal = 0
  let negativesBelow = 0
  let wins = 0
  for (let i = 0; i < order.length;) {
    const score = scores[order[i]!]!
    if (Number.isNaN(score))
      throw new BullpenError('DATA_SET_INVALID', { reason: 'a score to rank by is not a number' })
    let positive = 0
    let negative = 0
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const row = order[i]!
      if (positives[row] === 1) positive += weights[row]!
      else negative += weights[row]!
    }
    wins += positive * (negativesBelow + negative / 2)
    positiveTotal += positive
    negativesBelow += negative
  }
  return wins / (positiveTotal * negativesBelow)
}
