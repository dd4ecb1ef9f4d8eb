import type { CandleSeries } from '#core/candles'
import type { LabelStatistics } from '#core/labels'
import type { ModelManifest, PromotionDecision, TrialRecord } from '#core/registry'
import type { ClassProbabilities, Verdict } from '#core/verdict'
import type { StageName } from '../progress.ts'

/** Everything the report draws; no drawing code computes a result of its own beyond curves from these rows. */
export interface ReportData {
  readonly runId: string
  readonly createdAt: number
  readonly version: number
  /** What the gate said of the version. */
  readonly promotion: Pick<PromotionDecision, 'promoted' | 'text' | 'evidence'>
  readonly manifest: ModelManifest
  readonly series: CandleSeries
  readonly newest: { readonly openTime: number; readonly verdict: Verdict; readonly probabilities: ClassProbabilities }
  /** The rows nobody trained, selected or tuned on. Arrays have one entry a row; probabilities 3 (sell, hold, buy). */
  readonly heldOut: {
    readonly rowIndexes: Int32Array
    readonly openTime: Float64Array
    readonly target: Int8Array
    /** As answered, and as the trees gave them: the same array without calibration. */
    readonly probabilities: Float64Array
    readonly raw: Float64Array
    readonly naive: Float64Array
  }
  /** What the model answers for every bar from the first held-out row to the newest, labelled or not; laid out alike. */
  readonly answers: { readonly rowIndexes: Int32Array; readonly probabilities: Float64Array }
  /** Every complete label of the series. */
  readonly labels: LabelStatistics
  readonly trials: readonly TrialRecord[]
  /** `number` of the trial that became the model. */
  readonly bestTrial: number
  readonly selection: {
    /** Canonical columns with both importances (drop in average precision), kept or not. */
    readonly columns: readonly {
      readonly name: string
      readonly up: number
      readonly down: number
      readonly kept: boolean
    }[]
    readonly case: string
    /** Total gain of each selected column in the final model, after selection. */
    readonly finalGain: readonly { readonly name: string; readonly gain: number }[]
  }
  readonly stages: readonly { readonly stage: StageName; readonly ms: number; readonly tasks: number }[]
  readonly threads: number
  /** What the run cost until the report was drawn, in words. */
  readonly cost: string
}
