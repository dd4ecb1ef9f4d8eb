import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'

/** A challenger's figure beside the champion's, and their difference with its interval; above 0 the challenger is better. */
export interface MeasuredDifference {
  readonly challenger: number
  readonly champion: number
  readonly difference: number
  /** Ends of the interval. Each is passed by chance with probability 1 - `level` at most. */
  readonly lower: number
  readonly upper: number
  /** One-sided confidence of either end, in (0.5, 1). */
  readonly level: number
}

/** What a decision rests on: forward rows that neither model was fitted, selected or tuned on. */
export interface PromotionEvidence {
  /** `always-hold`: no position ever, and the class shares of the development rows as probabilities. */
  readonly against: 'champion' | 'always-hold'
  readonly rows: number
  /** Rows without which nothing is measured. */
  readonly rowsNeeded: number
  /** Open times (ms) of the first and last forward row; null when there is none. */
  readonly firstOpenTime: number | null
  readonly lastOpenTime: number | null
  /** Moving-block bootstrap: rows of a block, resamples, seed. */
  readonly block: number
  readonly draws: number
  readonly seed: number
  /** Trials of the challenger's own search. */
  readonly runTrials: number
  /** Trials the level is corrected for: all that were judged while this champion has reigned, the run's included. */
  readonly trials: number
  /** Fee and slippage of a trade on each side, in basis points. */
  readonly costBps: number
  readonly barsPerYear: number
  /** Log growth per year of following the verdicts; null with too few rows. Passing needs `lower` above `minimumEffect`. */
  readonly afterFeeReturn: (MeasuredDifference & { readonly minimumEffect: number }) | null
  /** Nats; `difference` is the champion's loss minus the challenger's. Passing needs `upper` from 0. */
  readonly logLoss: MeasuredDifference | null
}

/** Reasons that let a version pass. */
export const passingReasons = ['first-version', 'better', 'champion-cannot-answer', 'override'] as const
/** Reasons that do not. */
export const refusingReasons = ['too-few-rows', 'not-better', 'worse-log-loss', 'champion-of-another-series'] as const

export type PromotionReason = (typeof passingReasons)[number] | (typeof refusingReasons)[number]

/** Who moved a guarded alias against the gate, and why. */
export interface Override {
  readonly reason: string
  readonly by: string
}

/** Whether a version may replace the one an alias points at, and why, before it has a version number. */
export interface PromotionDecision {
  readonly alias: string
  /** The version that was beaten, or was not; null when the alias pointed at none. */
  readonly champion: number | null
  readonly promoted: boolean
  readonly reason: PromotionReason
  /** The reason as a sentence. */
  readonly text: string
  /** Null where nothing could be measured. */
  readonly evidence: PromotionEvidence | null
}

/** A decision as the registry keeps it: immutable, with ids that ascend in the order they were made. */
export interface RecordedDecision extends PromotionDecision {
  readonly id: number
  /** The version it is about. */
  readonly challenger: number
  /** The run whose gate decided; null for an override. */
  readonly runId: string | null
  readonly at: number
  readonly override: Override | null
}

const Amount = Type.Number()
const Level = Type.Number({ exclusiveMinimum: 0.5, exclusiveMaximum: 1 })
const Whole = Type.Integer({ minimum: 0 })
const difference = {
  challenger: Amount,
  champion: Amount,
  difference: Amount,
  lower: Amount,
  upper: Amount,
  level: Level,
}

const Time = Type.Union([Type.Null(), Type.Integer()])
const Positive = Type.Integer({ minimum: 1 })

const Evidence = Type.Object({
  against: Type.Union([Type.Literal('champion'), Type.Literal('always-hold')]),
  rows: Whole,
  rowsNeeded: Whole,
  firstOpenTime: Time,
  lastOpenTime: Time,
  block: Positive,
  draws: Positive,
  seed: Type.Integer(),
  runTrials: Positive,
  trials: Positive,
  costBps: Type.Number({ minimum: 0 }),
  barsPerYear: Type.Number({ exclusiveMinimum: 0 }),
  afterFeeReturn: Type.Union([Type.Null(), Type.Object({ ...difference, minimumEffect: Amount })]),
  logLoss: Type.Union([Type.Null(), Type.Object(difference)]),
})

const Decision = Type.Object({
  alias: Type.String(),
  champion: Type.Union([Type.Null(), Type.Integer({ minimum: 1 })]),
  promoted: Type.Boolean(),
  reason: Type.Union([...passingReasons, ...refusingReasons].map((reason) => Type.Literal(reason))),
  text: Type.String({ minLength: 1 }),
  evidence: Type.Union([Type.Null(), Evidence]),
})

/**
 * Checks a decision of a gate before it is recorded: its form, and that its numbers bear its verdict.
 *
 * @throws DECISION_INVALID saying what does not fit.
 */
export function checkDecision(decision: PromotionDecision): void {
  const reason = Value.Check(Decision, decision) ? contradiction(decision) : formOf(decision)
  if (reason !== null) throw new BullpenError('DECISION_INVALID', { reason })
}

function formOf(decision: unknown): string {
  const first = Value.Errors(Decision, decision).First()
  return `${first?.path || '/'}: ${first?.message ?? 'unknown'}`
}

function contradiction({ reason, promoted, champion, evidence }: PromotionDecision): string | null {
  if (reason === 'override') return 'an override is no decision of a gate'
  if (promoted !== passingReasons.some((passing) => passing === reason)) {
    return `${reason} does not go with promoted = ${promoted}`
  }
  if ((reason === 'first-version') !== (champion === null)) return `${reason} does not go with champion ${champion}`
  if (reason === 'better' && (evidence === null || !passes(evidence))) return 'better is not what its numbers say'
  return null
}

/**
 * The rule of the gate: the lower end of the difference in after-fee return lies above the minimum effect, and log loss
 * is not significantly worse. The database repeats it on every decision with the reason `better`.
 */
export function passes({ against, rows, rowsNeeded, afterFeeReturn, logLoss }: PromotionEvidence): boolean {
  if (against !== 'champion' || rows < rowsNeeded || afterFeeReturn === null || logLoss === null) return false
  return afterFeeReturn.lower > afterFeeReturn.minimumEffect && logLoss.upper >= 0
}
