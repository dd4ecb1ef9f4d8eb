import { marginsToProbabilities, type BoosterParameters, type FitRequest, type FittedModel } from '#core/model'

/** One booster being grown, whatever the engine. */
export interface Training {
  /** Grows round `round` (0-based). */
  grow(round: number): void
  /** Margins of the evaluation rows after the rounds grown so far, rows x groups. */
  evaluationMargins(): Float64Array
  /** JSON of the first `rounds` rounds. */
  toJson(rounds: number): string
}

/** Margins per row: one per class, or one for binary. */
export function groupsOf(parameters: BoosterParameters): number {
  return parameters.objective === 'binary:logistic' ? 1 : parameters.classes
}

/** Grows a training to its end, or to `patience` rounds past the best log loss on the evaluation rows. */
export function growAll(training: Training, request: FitRequest): Pick<FittedModel, 'json' | 'rounds'> {
  const { parameters, earlyStopping } = request
  let best = { rounds: parameters.rounds, loss: Infinity }
  for (let round = 0; round < parameters.rounds; round++) {
    training.grow(round)
    if (earlyStopping === undefined) continue
    const loss = logLoss(training.evaluationMargins(), request, earlyStopping.evaluationRows)
    if (loss < best.loss) best = { rounds: round + 1, loss }
    else if (round + 1 - best.rounds >= earlyStopping.patience) break
  }
  return { json: training.toJson(best.rounds), rounds: best.rounds }
}

/** Mean negative log probability of the true class, weighted when weights are given; probabilities below 1e-16 count as 1e-16 (XGBoost's own floor). */
function logLoss(margins: Float64Array, request: FitRequest, rows: Uint32Array): number {
  const { labels, weights, parameters } = request
  const groups = groupsOf(parameters)
  const probabilities = marginsToProbabilities(parameters.objective, margins, groups)
  let loss = 0
  let total = 0
  rows.forEach((row, i) => {
    const label = labels[row]!
    const p = groups === 1 ? Math.abs(1 - label - probabilities[i]!) : probabilities[i * groups + label]!
    const weight = weights?.[row] ?? 1
    loss -= weight * Math.log(Math.max(p, 1e-16))
    total += weight
  })
  return loss / total
}
