import type { CandleSeries, Segment } from '#core/candles'
import { checkParameters, fromZero, wholeFrom, type ParameterRule } from './check-parameters.ts'
import type { Labeler, Labels } from './labeler.ts'
import { smoothedCloses } from './smoothed-closes.ts'

/** Parameters of {@link swingLabeler}; moves are fractions, 0.015 = 1.5 %. */
export interface SwingParameters {
  /** Rows ahead of the first window's exclusive end: 10 looks at rows t+1..t+9. */
  readonly horizon: number
  /** Rows added while the extreme is near the window's end. */
  readonly extension: number
  /** A window shorter than this labels hold. */
  readonly minRows: number
  /** Windows that move no further than this label hold at once. */
  readonly deadBand: number
  /** The least move worth a label. */
  readonly minTake: number
  /** The extreme must lie fewer rows ahead than this. */
  readonly maxSteps: number
  /** Least ratio of the move to the largest opposite move on the way; at 1 it never filters. */
  readonly minRatio: number
}

/** The reference's parameters for 4-hour bars (features.md section 4). */
export const swingDefaults: SwingParameters = {
  horizon: 10,
  extension: 3,
  minRows: 5,
  deadBand: 0.01,
  minTake: 0.015,
  maxSteps: 30,
  minRatio: 1,
}

/**
 * The reference's `target_new` (features.md section 4): the direction of the largest move of the smoothed close
 * P = SMA(SMA(C,5),3) in a window ahead that grows while its extreme is one of its last rows. P looks back only, so a
 * label reads no candle beyond its window. The last candle of a segment is never read.
 *
 * The reference keeps extending after the extreme has moved `maxSteps` away (51 rows at most in its data). The answer
 * is then hold whatever follows, for an extreme only moves away, so this stops there and its reach has a bound.
 *
 * Row counts are whole numbers from 1, the others finite and not negative, or it throws USAGE.
 */
export function swingLabeler(parameters: Partial<SwingParameters> = {}): Labeler {
  const all = { ...swingDefaults, ...parameters }
  checkParameters('swing', all, rules)
  return {
    name: 'swing',
    parameters: { ...all },
    weighs: false,
    label: (series) => labelSeries(series, all),
  }
}

const rules: Readonly<Record<keyof SwingParameters, ParameterRule>> = {
  horizon: wholeFrom(1),
  extension: wholeFrom(1),
  minRows: wholeFrom(1),
  deadBand: fromZero,
  minTake: fromZero,
  maxSteps: wholeFrom(1),
  minRatio: fromZero,
}

/** How near the window's exclusive end an extreme must lie for the window to grow. */
const edge = 2

function labelSeries(series: CandleSeries, parameters: SwingParameters): Labels {
  const { rows } = series
  const smooth = smoothedCloses(series)
  const labels = {
    target: new Int8Array(rows),
    reach: new Int32Array(rows),
    complete: new Uint8Array(rows),
    weight: new Float64Array(rows).fill(1),
    maxReach: Math.max(parameters.horizon - 1, parameters.maxSteps + edge + parameters.extension - 2),
  }
  const swing = new Swing(smooth, parameters)
  for (const segment of series.segments) {
    for (let t = segment.start; t < segment.end; t++) {
      labels.target[t] = swing.label(t, segment)
      labels.reach[t] = swing.reach
      labels.complete[t] = swing.complete ? 1 : 0
    }
  }
  return labels
}

/** One row's window as it grows; reused for every row, so that labelling allocates nothing. */
class Swing {
  /** Last row read for the latest label. */
  reach = 0
  /** Whether more rows behind the segment's end could not have changed the latest label. */
  complete = false
  private readonly smooth: Float64Array
  private readonly parameters: SwingParameters
  /** Largest move up, its first row, and the largest move down until then; `down` the reverse. */
  private up = 0
  private upRow = 0
  private downBeforeUp = 0
  private down = 0
  private downRow = 0
  private upBeforeDown = 0

  constructor(smooth: Float64Array, parameters: SwingParameters) {
    this.smooth = smooth
    this.parameters = parameters
  }

  label(t: number, segment: Segment): -1 | 0 | 1 {
    const { horizon, extension, minRows, deadBand, maxSteps } = this.parameters
    const last = segment.end - 1
    let end = t + horizon
    this.begin(t)
    for (let from = t + 1; ;) {
      this.complete = end <= last
      end = Math.min(end, last)
      if (end - (t + 1) < minRows) return 0
      this.scan(t, from, end)
      if (Math.max(this.up, this.down) <= deadBand) return 0
      const extreme = this.up > this.down ? this.upRow : this.downRow
      if (extreme - t >= maxSteps) return this.decidedHold()
      if (end - extreme > edge) return this.direction()
      if (end >= last) {
        this.complete = false
        return this.direction()
      }
      from = end
      end += extension
    }
  }

  private begin(t: number): void {
    this.reach = t
    this.up = 0
    this.upRow = t
    this.down = 0
    this.downRow = t
  }

  /** Takes rows `from` to `end` (exclusive) into the window of row t. */
  private scan(t: number, from: number, end: number): void {
    const base = this.smooth[t]!
    for (let j = from; j < end; j++) {
      const price = this.smooth[j]!
      if (price >= base) {
        const move = price / base - 1
        if (move > this.up) {
          this.up = move
          this.upRow = j
          this.downBeforeUp = this.down
        }
      } else {
        const move = base / price - 1
        if (move > this.down) {
          this.down = move
          this.downRow = j
          this.upBeforeDown = this.up
        }
      }
    }
    this.reach = Math.max(t, end - 1)
  }

  private decidedHold(): 0 {
    this.complete = true
    return 0
  }

  private direction(): -1 | 0 | 1 {
    const rises = this.up > this.down
    const take = rises ? this.up : this.down
    const stop = rises ? this.downBeforeUp : this.upBeforeDown
    if (take < this.parameters.minTake) return 0
    if (stop > 0 && take / stop < this.parameters.minRatio) return 0
    return rises ? 1 : -1
  }
}
