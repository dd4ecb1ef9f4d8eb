import type { MeasuredDifference, PromotionDecision, PromotionEvidence } from '#core/registry'

/** A decision of the gate against champion `version` as a sentence. */
export function decisionText(
  { reason, evidence }: Pick<PromotionDecision, 'reason' | 'evidence'>,
  version: number,
): string {
  if (evidence === null || evidence.afterFeeReturn === null || evidence.logLoss === null) {
    const { rows, rowsNeeded } = evidence ?? { rows: 0, rowsNeeded: 0 }
    return `only ${rows} rows are new to both this model and version ${version}, ${rowsNeeded} are needed: ${rowsNeeded - rows} more`
  }
  const { afterFeeReturn, logLoss, rows, trials } = evidence
  const growth = `${growthWords(afterFeeReturn)} against version ${version}`
  const over = `on ${rows} forward rows, corrected for ${trials} trials`
  const least = `at least ${percent(afterFeeReturn.minimumEffect)} is asked`
  if (reason === 'better') return `${growth} ${over}`
  if (reason === 'worse-log-loss') {
    return `log loss is worse by ${(-logLoss.difference).toFixed(4)} than that of version ${version}, though it earned ${growth} ${over}`
  }
  return `${growth} ${over}; the lower end decides, ${least}`
}

/** What is said of a version that became champion without beating one. */
export function standingAlone(why: string, evidence: PromotionEvidence): string {
  const unproven = 'it beat nobody and has not earned trust'
  const { afterFeeReturn, rows, rowsNeeded } = evidence
  if (afterFeeReturn === null)
    return `${why}; ${unproven}: ${rows} forward rows are too few to measure it (${rowsNeeded})`
  return `${why}; ${unproven}: ${growthWords(afterFeeReturn)} against doing nothing on ${rows} forward rows`
}

/** `+12.3 % a year after costs [-5.0 %, +29.6 %]`, log growth. */
function growthWords({ difference, lower, upper }: MeasuredDifference): string {
  return `${signed(difference)} a year after costs [${signed(lower)}, ${signed(upper)}]`
}

function signed(share: number): string {
  return `${share < 0 ? '' : '+'}${percent(share)}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
