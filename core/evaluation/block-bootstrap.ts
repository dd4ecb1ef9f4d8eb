import { BullpenError } from '#core/errors'
import { Random } from '#core/random'

/** How rows are drawn. */
export interface BootstrapOptions {
  /** Rows of a block, from 1 to the rows of the series: at least as many as one label or position reaches over. */
  readonly block: number
  /** Resamples, at least 1; 2,000 settle the second digit of a 95 % interval's ends. */
  readonly draws: number
  /** The same seed draws the same blocks, whatever the statistic. */
  readonly seed: number
}

/** A statistic and how it spreads over resamples. */
export interface Bootstrap {
  /** Of the series as they are. */
  readonly estimate: number
  /** Of each resample, ascending. */
  readonly draws: Float64Array
}

/** Ends of an interval, `low` <= `high`. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Moving-block bootstrap (Künsch 1989, "The jackknife and the bootstrap for general stationary observations"): a
 * resample is whole blocks of consecutive rows whose starts are drawn uniformly, joined, the last one cut to the length
 * of the series. Neighbouring rows stay neighbours, so that overlapping labels and held positions do not count as
 * independent. Several series are resampled by the same rows: pair a model with its rival this way.
 *
 * `statistic` reads one array per series, which the next resample overwrites. Where it is a function of sums, use
 * {@link blockBootstrapOfSums}. Throws DATA_SET_INVALID for unequal lengths, a NaN or infinity, or a block that does
 * not fit.
 */
export function movingBlockBootstrap(
  series: readonly ArrayLike<number>[],
  options: BootstrapOptions & { readonly statistic: (sample: readonly Float64Array[]) => number },
): Bootstrap {
  const rows = requireSeries(series, options)
  const own = series.map((values) => Float64Array.from(values))
  const sample = own.map(() => new Float64Array(rows))
  const estimate = options.statistic(own.map((values) => values.slice()))
  const draws = resample(rows, options, (place, start, length) => {
    for (let s = 0; s < own.length; s++) sample[s]!.set(own[s]!.subarray(start, start + length), place)
  })(() => options.statistic(sample))
  return { estimate, draws }
}

/**
 * The same resamples as {@link movingBlockBootstrap} for a statistic that needs only the sum of each series over the
 * rows drawn: a mean, a difference of means, a Sharpe ratio from x and x². Costs one subtraction per block, not one
 * addition per row: a mean over 8,000 rows in blocks of 60 is 30 times faster.
 */
export function blockBootstrapOfSums(
  series: readonly ArrayLike<number>[],
  options: BootstrapOptions & { readonly statistic: (sums: Float64Array, rows: number) => number },
): Bootstrap {
  const rows = requireSeries(series, options)
  const running = series.map(runningSums)
  const sums = Float64Array.from(running, (values) => values[rows]!)
  const estimate = options.statistic(sums.slice(), rows)
  const draws = resample(rows, options, (place, start, length) => {
    if (place === 0) sums.fill(0)
    for (let s = 0; s < running.length; s++) sums[s]! += running[s]![start + length]! - running[s]![start]!
  })(() => options.statistic(sums, rows))
  return { estimate, draws }
}

/** The central interval that holds `level` (in (0, 1)) of the resamples: their percentiles (Efron 1979). */
export function percentileInterval({ draws }: Pick<Bootstrap, 'draws'>, level = 0.95): Interval {
  const tail = (1 - level) / 2
  return { low: quantile(draws, tail), high: quantile(draws, 1 - tail) }
}

/** Share of resamples at or below a value, in [0, 1]. */
export function shareAtMost({ draws }: Pick<Bootstrap, 'draws'>, value: number): number {
  return draws.reduce((count, draw) => count + (draw <= value ? 1 : 0), 0) / draws.length
}

/** Linear between order statistics, as R's type 7. `ascending` is sorted, `share` in [0, 1]. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const at = (ascending.length - 1) * share
  const below = Math.floor(at)
  const [low, high] = [ascending[below]!, ascending[Math.ceil(at)]!]
  return low === high ? low : low + (high - low) * (at - below)
}

/** Calls `take(place, start, length)` for each block of each draw and `finish` after its last one. */
function resample(
  rows: number,
  { block, draws, seed }: BootstrapOptions,
  take: (place: number, start: number, length: number) => void,
): (finish: () => number) => Float64Array {
  const random = Random.of(seed, 'moving-block-bootstrap')
  const starts = rows - block + 1
  return (finish) => {
    const out = new Float64Array(draws)
    for (let draw = 0; draw < draws; draw++) {
      for (let place = 0; place < rows; place += block) {
        take(place, random.below(starts), Math.min(block, rows - place))
      }
      out[draw] = finish()
    }
    return out.sort()
  }
}

function runningSums(values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!
  return sums
}

function requireSeries(series: readonly ArrayLike<number>[], { block, draws }: BootstrapOptions): number {
  const rows = series[0]?.length ?? 0
  if (series.some((values) => values.length !== rows)) throw invalid('paired series differ in length')
  if (!(Number.isInteger(block) && block >= 1 && block <= rows)) {
    throw invalid(`a block of ${block} rows cannot be drawn from ${rows}`)
  }
  if (!(Number.isInteger(draws) && draws >= 1)) throw invalid(`${draws} is no number of resamples`)
  for (const values of series) {
    for (let i = 0; i < rows; i++) if (!Number.isFinite(values[i])) throw invalid(`row ${i} holds ${values[i]}`)
  }
  return rows
}

function invalid(reason: string): BullpenError {
  return new BullpenError('DATA_SET_INVALID', { reason: `bootstrap: ${reason}` })
}
