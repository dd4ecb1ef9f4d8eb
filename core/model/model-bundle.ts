import type { VerdictPolicy } from '#core/verdict'
import type { Calibration } from './calibration.ts'

/** Everything needed to answer with a model besides its trees: stored beside the model JSON in the manifest. */
export interface ModelContract {
  readonly featureSet: string
  readonly featureSetHash: string
  /** Selected columns in canonical order: column i of the model is columns[i] of the feature set. */
  readonly columns: readonly string[]
  readonly policy: VerdictPolicy
  /** What the trees' probabilities go through before the policy reads them; absent: nothing. */
  readonly calibration?: Calibration
}
