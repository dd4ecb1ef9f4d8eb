/** How far probabilities were from what came of some rows. */
export interface Reliability {
  readonly rows: number
  /** Summed over the three classes, [0, 2]. */
  readonly brier: number
  /** Classwise expected calibration error over ten groups of equal size, [0, 1]. */
  readonly ece: number
  /** Nats. */
  readonly logLoss: number
}

/** What prediction sets were worth on some rows; shares in [0, 1]. */
export interface Coverage {
  readonly rows: number
  /** Share of sets that held the true class. */
  readonly coverage: number
  /** Share of sets of one class, and of none. */
  readonly single: number
  readonly empty: number
  /** Mean number of classes. */
  readonly size: number
}

/** Rows on which one side was acted on. */
export interface ActedRows {
  readonly rows: number
  /** Mean return of such a row after fees, a fraction; 0 without rows. */
  readonly meanReturn: number
}

/** One set of rows before and after calibration, and what the chosen policy would have brought on it. */
export interface CalibrationMeasures {
  readonly before: Reliability
  readonly after: Reliability
  readonly buy: ActedRows
  readonly sell: ActedRows
  /** With a conformal policy. */
  readonly coverage?: Coverage
}

/**
 * How calibration and policy of a version were chosen, and what was measured. Chosen on out-of-fold rows alone, whose
 * `after` is cross-fitted; the held-out tail is measured once, after everything was chosen.
 */
export interface CalibrationRecord {
  readonly kind: 'none' | 'isotonic' | 'platt'
  readonly policy: 'argmax' | 'expected-value' | 'conformal'
  /** Bars from decision to exit that returns were taken over. */
  readonly bars: number
  /** Fee a side, in 1/10,000. */
  readonly feeBps: number
  readonly outOfFold: CalibrationMeasures
  readonly heldOut: CalibrationMeasures
}
