import { rocAuc } from '#core/evaluation'
import { Random } from '#core/random'
import { studentQuantile } from '#core/winner'

const rows = 2300
const positiveShare = 0.35
const subsamples = 50
const subsampleRows = Math.round(0.33 * rows)

/** Separation of two normal scores whose AUC is 0.7. */
const separation = 0.7416

/**
 * Whether the champion test that many projects use declares a winner between two models of exactly equal AUC: 50
 * subsamples of a third of one verification set, both models scored on each, Student's two-sided test of the two lists
 * at 5 %. The subsamples share rows, so their spread says nothing of how the difference generalises.
 */
export function declaresWinner(seed: number): boolean {
  const random = Random.of(seed, 'reference champion test')
  const positives = Uint8Array.from({ length: rows }, () => (random.uniform() < positiveShare ? 1 : 0))
  const [one, other] = [0, 1].map(() => Float64Array.from(positives, (p) => p * separation + random.normal()))
  const lists: [number[], number[]] = [[], []]
  for (let i = 0; i < subsamples; i++) {
    const drawn = random.permutation(rows).subarray(0, subsampleRows)
    const truth = Uint8Array.from(drawn, (row) => positives[row]!)
    lists[0].push(
      rocAuc(
        Float64Array.from(drawn, (row) => one![row]!),
        truth,
      ),
    )
    lists[1].push(
      rocAuc(
        Float64Array.from(drawn, (row) => other![row]!),
        truth,
      ),
    )
  }
  return Math.abs(studentStatistic(...lists)) > studentQuantile(0.975, 2 * subsamples - 2)
}

/** Of independent samples of equal size and variance. */
function studentStatistic(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [momentsOf(one), momentsOf(other)]
  return (a.mean - b.mean) / Math.sqrt((a.variance + b.variance) / one.length)
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) }
}
