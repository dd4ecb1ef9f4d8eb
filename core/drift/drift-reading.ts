import { verdicts, type VerdictPolicy } from '#core/verdict'
import type { DriftReference } from './drift-reference.ts'
import { featureDrift, type ColumnDrift } from './feature-drift.ts'
import { meanOf, meanShift } from './mean-shift.ts'
import { watchedRows, type AnsweredOutcomes } from './realised-rows.ts'

/** What is watched. */
export const driftMetrics = ['feature-psi', 'feature-ks', 'verdict-mix', 'calibration', 'return'] as const

export type DriftMetric = (typeof driftMetrics)[number]

/** One metric of a window against its limit. */
export interface DriftMeasure {
  readonly metric: DriftMetric
  /** Multiples of the usual value for features, standard errors for the others; more is worse. */
  readonly value: number
  readonly limit: number
  readonly beyond: boolean
  /** Rows it was computed from. */
  readonly rows: number
}

/** What a window says. Metrics that have too few rows yet are left out. */
export interface DriftReading {
  readonly measures: readonly DriftMeasure[]
  /** The five columns that moved most. */
  readonly columns: readonly ColumnDrift[]
  /** The model does worse than when it was judged: calibration or return beyond its limit. */
  readonly adverse: boolean
  /** What it is asked about is not what it was trained on, or it does worse. */
  readonly drifted: boolean
}

/** The newest window. */
export interface WatchedWindow {
  /** Values of a column over the newest rows; fewer than the reference's window: features are not judged. */
  readonly features: (column: string) => ArrayLike<number>
  readonly featureRows: number
  readonly answers: AnsweredOutcomes
  readonly policy: VerdictPolicy
}

/**
 * Standard errors beyond which a mean has shifted: 0.27 % of normal means lie further out on both sides, 0.13 % on the
 * adverse one. Estimating the long-run variance from a year of overlapping rows makes it more; simulated at most 2 %.
 */
export const meanLimit = 3

/** Outcomes are judged from half a window on. */
const leastShare = 0.5

/** Judges a window. Pure: the same window and reference give the same reading on every replica. */
export function readDrift(reference: DriftReference, window: WatchedWindow): DriftReading {
  const measures: DriftMeasure[] = []
  const judge = (metric: DriftMetric, value: number, limit: number, rows: number) =>
    measures.push({ metric, value, limit, beyond: value > limit, rows })
  const least = Math.ceil(reference.window * leastShare)

  let columns: ColumnDrift[] = []
  if (window.featureRows >= reference.window) {
    columns = featureDrift(reference, window.features)
    judge('feature-psi', columns[0]!.psiRatio, reference.psi.limit, window.featureRows)
    judge('feature-ks', Math.max(...columns.map(({ ksRatio }) => ksRatio)), reference.ks.limit, window.featureRows)
  }
  const { said, brier, realised } = watchedRows(window.answers, window.policy, reference.outcome)
  if (said[0]!.length >= least) {
    const shifts = verdicts.map((_, c) => Math.abs(shareShift(reference, said[c]!, c)))
    judge('verdict-mix', Math.max(...shifts), meanLimit, said[0]!.length)
  }
  if (brier.length >= least) {
    judge('calibration', meanShift(reference.brier, brier), meanLimit, brier.length)
    judge('return', -meanShift(reference.realised, realised), meanLimit, realised.length)
  }
  const beyond = measures.filter((measure) => measure.beyond).map(({ metric }) => metric)
  return {
    measures,
    columns: columns.slice(0, 5),
    adverse: beyond.includes('calibration') || beyond.includes('return'),
    drifted: beyond.length > 0,
  }
}

/** A verdict that the reference never, or always, gave has no variance: any other share is then a shift without measure. */
function shareShift({ said }: DriftReference, now: Float64Array, classIndex: number): number {
  const then = said[classIndex]!
  if (then.longRunVariance > 0) return meanShift(then, now)
  return meanOf(now) === then.mean ? 0 : Number.MAX_VALUE
}
