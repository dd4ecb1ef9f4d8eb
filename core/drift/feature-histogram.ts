/**
 * Values of one column counted into bins: bin i holds values up to and including `edges[i]`, the bin after the last
 * edge the rest, and one more bin the missing ones (NaN). `counts` has `edges.length + 2` entries.
 */
export interface FeatureHistogram {
  /** Ascending, distinct: the quantiles of the training window at multiples of 1/{@link fineBins}. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** Bins of equal count the training window is cut into; the distance of distributions is read at their edges. */
export const fineBins = 50

/** Groups of bins the stability index compares: deciles, as is usual (Siddiqi 2006). */
const psiGroups = 10

/** Edges and counts of a training window. Ties make fewer bins. */
export function histogramOf(values: Float64Array): FeatureHistogram {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = new Set<number>()
  for (let i = 1; i < fineBins; i++) {
    const edge = sorted[Math.ceil((i * sorted.length) / fineBins) - 1]
    if (edge !== undefined && edge < sorted.at(-1)!) edges.add(edge)
  }
  return { edges: [...edges], counts: countInto([...edges], values) }
}

/** How many values lie in each bin of `edges`. */
export function countInto(edges: readonly number[], values: ArrayLike<number>): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0)
  for (let i = 0; i < values.length; i++) counts[binOf(edges, values[i]!)]!++
  return counts
}

function binOf(edges: readonly number[], value: number): number {
  if (Number.isNaN(value)) return edges.length + 1
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Population stability index of two histograms over the same edges: sum of (now - then) ln(now / then) over deciles of
 * `then` and the missing values; 0 for equal shares. Half a row is added to each group, so that an empty one does not
 * make it infinite. Practice calls 0.1 to 0.25 a moderate and more a large shift, which holds for samples of hundreds
 * of independent rows; rows of a series are not, so limits here come from the training window itself.
 */
export function stabilityIndex(then: readonly number[], now: readonly number[]): number {
  const groupOf = decileOf(then)
  const [before, after] = [then, now].map((counts) => {
    const groups = new Array<number>(psiGroups + 1).fill(0.5)
    counts.forEach((count, bin) => (groups[groupOf[bin]!]! += count))
    const total = sum(groups)
    return groups.map((count) => count / total)
  }) as [number[], number[]]
  return before.reduce((index, share, i) => index + (after[i]! - share) * Math.log(after[i]! / share), 0)
}

/**
 * Two-sample Kolmogorov-Smirnov statistic of two histograms over the same edges, in [0, 1]: the largest distance of the
 * distribution functions at an edge. At most that of the samples themselves, and at least that less the share of the
 * fullest bin. Missing values count as largest of all.
 */
export function kolmogorovSmirnov(then: readonly number[], now: readonly number[]): number {
  const [totalThen, totalNow] = [sum(then), sum(now)]
  let [reachedThen, reachedNow, distance] = [0, 0, 0]
  then.forEach((count, bin) => {
    reachedThen += count
    reachedNow += now[bin]!
    distance = Math.max(distance, Math.abs(reachedThen / totalThen - reachedNow / totalNow))
  })
  return distance
}

/** The decile each bin's middle lies in; the last bin, of missing values, is a group of its own. */
function decileOf(counts: readonly number[]): number[] {
  const present = sum(counts) - counts.at(-1)!
  let before = 0
  return counts.map((count, bin) => {
    if (bin === counts.length - 1) return psiGroups
    const middle = present === 0 ? 0 : (before + count / 2) / present
    before += count
    return Math.min(psiGroups - 1, Math.floor(middle * psiGroups))
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
