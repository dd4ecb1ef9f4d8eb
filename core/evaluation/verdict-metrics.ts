import { classProbabilities, targetOfClass, verdictOf, verdicts, type VerdictPolicy } from '#core/verdict'

/** Verdict of each row as -1 sell, 0 hold, 1 buy. `probabilities` is row-major rows x 3. */
export function predictedTargets(probabilities: ArrayLike<number>, policy?: VerdictPolicy): Int8Array {
  const out = new Int8Array(probabilities.length / verdicts.length)
  for (let i = 0; i < out.length; i++) {
    const at = i * verdicts.length
    const row = [probabilities[at]!, probabilities[at + 1]!, probabilities[at + 2]!]
    out[i] = targetOfClass(verdicts.indexOf(verdictOf(classProbabilities(row), policy)))
  }
  return out
}

/**
 * Counts `[actual class][predicted class]`, classes in the order sell, hold, buy; both arguments hold -1, 0, 1. With
 * `weights` a row counts by its weight.
 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number[][] {
  const counts = verdicts.map(() => verdicts.map(() => 0))
  for (let i = 0; i < target.length; i++) counts[target[i]! + 1]![predicted[i]! + 1]! += weights?.[i] ?? 1
  return counts
}

/**
 * F1 of each class weighted by its rows, in [0, 1]; a class neither present nor predicted counts as 0 (scikit-learn's
 * `f1_score(average='weighted', zero_division=0)`).
 */
export function f1Weighted(
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const counts = confusionMatrix(predicted, target, weights)
  let sum = 0
  for (let c = 0; c < counts.length; c++) {
    const support = counts[c]!.reduce((total, n) => total + n, 0)
    const called = counts.reduce((total, row) => total + row[c]!, 0)
    if (support > 0) sum += (support * 2 * counts[c]![c]!) / (support + called)
  }
  return sum / totalOf(target, weights)
}

/** Below this a probability is as good as zero: bounds one row's loss at 34.5 nats (scikit-learn's former default). */
const leastProbability = 1e-15

/** -ln P(actual class) of each row in nats, probabilities clipped to [1e-15, 1]. */
export function logLosses(probabilities: ArrayLike<number>, target: ArrayLike<number>): Float64Array {
  const losses = new Float64Array(target.length)
  for (let i = 0; i < losses.length; i++) {
    const p = probabilities[i * verdicts.length + target[i]! + 1]!
    losses[i] = -Math.log(Math.min(1, Math.max(leastProbability, p)))
  }
  return losses
}

/** Mean of {@link logLosses}; with `weights` the weighted mean. */
export function logLoss(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  const sum = logLosses(probabilities, target).reduce((total, loss, i) => total + (weights?.[i] ?? 1) * loss, 0)
  return sum / totalOf(target, weights)
}

/** The rows, or their weights together. */
export function totalOf(target: ArrayLike<number>, weights: ArrayLike<number> | undefined): number {
  let total = target.length
  if (weights) {
    total = 0
    for (let i = 0; i < target.length; i++) total += weights[i]!
  }
  return total
}
