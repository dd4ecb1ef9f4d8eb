/** What watching a model led to. */
export type DriftActionKind = 'hold-only' | 'rolled-back' | 'retrain-wanted'

/** One consequence of drift, for one version and series. */
export interface DriftAction {
  readonly kind: DriftActionKind
  readonly version: number
  readonly symbol: string
  readonly widthMs: number
  /** When (ms), by the clock of who found it. */
  readonly at: number
  /** The metrics beyond their limits, in words. */
  readonly reason: string
  /** Only of a demotion that was taken back. */
  readonly reinstated?: Reinstatement
}

/** Somebody's word that a demoted version may act again. */
export interface Reinstatement {
  readonly at: number
  readonly by: string
  readonly why: string
}

/**
 * Consequences of drift, so that each happens once however many replicas watch, and outlives them. Append-only but for
 * what settles a wish for retraining. Everything throws DATABASE_UNAVAILABLE.
 */
export interface DriftActions {
  /** True when this call recorded it; false when the kind was recorded for that version and series before, and not reinstated. */
  record(action: DriftAction): Promise<boolean>
  /** Of one version, oldest first, settled or not. */
  of(version: number): Promise<readonly DriftAction[]>
  /** Reinstates a demoted version, for every series it answers for. How many there were. */
  reinstate(version: number, reinstatement: Reinstatement): Promise<number>
  /** Wishes for retraining that no run has answered yet, oldest first. */
  retrainWanted(): Promise<readonly DriftAction[]>
  /** A run over this series has trained anew: its wishes until then are answered. How many there were. */
  settleRetrain(series: { readonly symbol: string; readonly widthMs: number }, at: number): Promise<number>
}
