import type { PromotionDecision, PromotionEvidence } from '#core/registry'

/** The gate's word on the first version of all, which alias `champion` then points at. */
export const firstVersion: PromotionDecision = {
  alias: 'champion',
  champion: null,
  promoted: true,
  reason: 'first-version',
  text: 'the first version',
  evidence: null,
}

const afterFeeReturn = {
  challenger: 0.9,
  champion: 0.2,
  difference: 0.7,
  lower: 0.1,
  upper: 1.3,
  level: 0.998,
  minimumEffect: 0.02,
}

/** Numbers that let a challenger pass against a champion. */
export function exampleEvidence(changes: Partial<PromotionEvidence> = {}): PromotionEvidence {
  return {
    against: 'champion',
    rows: 1200,
    rowsNeeded: 480,
    firstOpenTime: 1_609_430_400_000,
    lastOpenTime: 1_626_696_000_000,
    block: 48,
    draws: 2000,
    seed: 7,
    runTrials: 24,
    trials: 24,
    costBps: 12,
    barsPerYear: 2191.5,
    afterFeeReturn,
    logLoss: { challenger: 0.9, champion: 0.95, difference: 0.05, lower: -0.01, upper: 0.11, level: 0.95 },
    ...changes,
  }
}

/** The same with another lower end of the difference in after-fee return. */
export function evidenceWithLower(lower: number): PromotionEvidence {
  return exampleEvidence({ afterFeeReturn: { ...afterFeeReturn, lower } })
}

/** A decision that lets its version take `champion` from version `incumbent`. */
export function exampleDecision(incumbent: number, changes: Partial<PromotionDecision> = {}): PromotionDecision {
  return {
    alias: 'champion',
    champion: incumbent,
    promoted: true,
    reason: 'better',
    text: `better than version ${incumbent}`,
    evidence: exampleEvidence(),
    ...changes,
  }
}
