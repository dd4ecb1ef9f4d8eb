import type { Labels } from './labeler.ts'

/** How much labels overlap: one entry a row, 0 where the label is not complete. */
export interface Overlap {
  /** Share of its bars that a label has for itself, in (0, 1]; 1 when no other label looks at them. */
  readonly uniqueness: Float64Array
  /** Complete labels that look at the bar of this row. */
  readonly concurrency: Int32Array
}

/**
 * Average uniqueness by concurrency (Lopez de Prado 2018, "Advances in Financial Machine Learning", 4.3 and 4.4): the
 * mean of 1 / concurrency over the bars t+1 to reach[t], whose course the label tells. Summed over labels times their
 * bars it is the number of bars looked at by any. Only complete labels count. O(rows); intervals end within their
 * segment, and so do these.
 */
export function overlapOf({ reach, complete }: Pick<Labels, 'reach' | 'complete'>): Overlap {
  const rows = reach.length
  const concurrency = concurrencyOf(reach, complete)
  const shareUntil = new Float64Array(rows + 1)
  for (let t = 0; t < rows; t++) shareUntil[t + 1] = shareUntil[t]! + (concurrency[t] === 0 ? 0 : 1 / concurrency[t]!)
  const uniqueness = new Float64Array(rows)
  for (let t = 0; t < rows; t++) {
    if (complete[t] === 0) continue
    const bars = reach[t]! - t
    const share = bars === 0 ? 1 : (shareUntil[reach[t]! + 1]! - shareUntil[t + 1]!) / bars
    // Differences of running sums may leave the interval by an ulp.
    uniqueness[t] = Math.min(1, share)
  }
  return { uniqueness, concurrency }
}

function concurrencyOf(reach: Int32Array, complete: Uint8Array): Int32Array {
  const rows = reach.length
  const steps = new Int32Array(rows + 2)
  for (let t = 0; t < rows; t++) {
    if (complete[t] === 0) continue
    steps[t + 1]!++
    steps[reach[t]! + 1]!--
  }
  let open = 0
  return Int32Array.from({ length: rows }, (_, t) => (open += steps[t]!))
}

/** Sample weights of labels: their uniqueness, and 1 for rows that no model learns from anyway. */
export function uniquenessWeights(labels: Pick<Labels, 'reach' | 'complete'>): Float64Array {
  return overlapOf(labels).uniqueness.map((share, t) => (labels.complete[t] === 1 ? share : 1))
}
