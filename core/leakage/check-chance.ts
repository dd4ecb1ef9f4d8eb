import { rocAucOvrWeighted } from '#core/evaluation'
import { Random } from '#core/random'
import type { LeakCheck } from '#core/registry'
import { valuesAt } from '#core/selection'

/** What a procedure answered for rows it had not seen: row-major rows x 3 (sell, hold, buy), and their labels. */
export interface Judged {
  readonly probabilities: Float64Array
  /** -1, 0, 1. */
  readonly target: Int8Array
}

/** How many standard deviations from chance are no chance: 6 in 100,000 clean runs go further, on both sides. */
const limit = 4

/**
 * Learned from shuffled labels, a procedure knows nothing: on unseen rows it must score as chance does. Chance is
 * measured, not assumed: the same answers against the labels of those rows in 200 further orders (permutation test;
 * Ojala & Garriga 2010). Far below chance is a leak as well: leaving a row out of its own mean turns the sign.
 */
export function checkShuffled({ probabilities, target }: Judged, { seed }: { readonly seed: number }): LeakCheck {
  const score = rocAucOvrWeighted(probabilities, target)
  const orders = 200
  const chance = Array.from({ length: orders }, (_, i) => {
    return rocAucOvrWeighted(probabilities, valuesAt(target, Random.of(seed, 'order', i).permutation(target.length)))
  })
  const mean = chance.reduce((sum, value) => sum + value, 0) / orders
  const deviation = Math.sqrt(chance.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (orders - 1))
  // Answers that are all alike score the same in any order.
  const deviations = deviation === 0 ? 0 : (score - mean) / deviation
  const passed = Math.abs(deviations) <= limit
  return {
    name: 'shuffled-labels-at-chance',
    passed,
    summary: `learned from shuffled labels it scores ${score.toFixed(4)} on ${target.length} unseen rows, ${deviations.toFixed(1)} deviations from chance (at most ${limit})`,
    figures: { rows: target.length, score, chance: mean, deviation, deviations, limit },
  }
}

/** An area under the curve that only the answer itself gives. */
const found = 0.95

/**
 * The other side of the coin: given a column that holds the answer, the procedure must keep it and score like it. A
 * procedure that misses what is planted under its nose would also miss an edge, or is not being examined at all.
 */
export function checkOracle({ probabilities, target }: Judged, isKept: boolean): LeakCheck {
  const score = rocAucOvrWeighted(probabilities, target)
  const passed = isKept && score >= found
  return {
    name: 'planted-answer-found',
    passed,
    summary: `a column that holds the answer is ${isKept ? 'kept' : 'dropped'} and scores ${score.toFixed(4)} (at least ${found})`,
    figures: { rows: target.length, score, kept: isKept ? 1 : 0, least: found },
  }
}
