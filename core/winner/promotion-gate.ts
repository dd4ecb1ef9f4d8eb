import { barsPerYear, defaultCosts, defaultRules, type Bars, type Costs, type PositionRules } from '#core/backtest'
import { logLosses } from '#core/evaluation'
import { passes, type PromotionDecision, type PromotionEvidence, type PromotionReason } from '#core/registry'
import { differenceInterval } from './difference-interval.ts'
import { followedGrowth } from './followed-growth.ts'

/** What one model says of the forward rows. */
export interface ForwardAnswers {
  /** -1 sell, 0 hold, 1 buy of each row. */
  readonly verdicts: ArrayLike<number>
  /** Row-major rows x 3: sell, hold, buy. */
  readonly probabilities: ArrayLike<number>
}

/** Two models on the same forward rows. */
export interface Contest {
  readonly against: PromotionEvidence['against']
  readonly bars: Bars
  /** Rows of `bars`, ascending; where the model has no answer between two of them it says hold. */
  readonly rows: Uint32Array
  /** -1, 0, 1 of each forward row. */
  readonly target: ArrayLike<number>
  readonly challenger: ForwardAnswers
  readonly champion: ForwardAnswers
  /** Rows that the longest label reaches over. */
  readonly reach: number
  /** Trials of the challenger's search, and those judged before against this champion. */
  readonly runTrials: number
  readonly earlierTrials: number
  readonly seed: number
}

/** How sure the gate must be. docs/decisions/0015-promotion-gate.md and `npm run trust` say why these. */
export interface GateRules {
  /** Chance, over a whole reign, that a challenger no better than the champion is promoted. */
  readonly risk: number
  /** Chance, per decision, that one with no worse log loss is refused for its log loss. */
  readonly lossRisk: number
  /** Log growth per year that the lower end must exceed. */
  readonly minimumEffect: number
  /** Whole blocks without which nothing is measured. */
  readonly leastBlocks: number
  /** Rows of a block even when labels reach less far: positions outlive labels. */
  readonly leastBlock: number
  readonly draws: number
  readonly costs: Costs
  readonly positions: PositionRules
}

export const gateRules: GateRules = {
  risk: 0.05,
  lossRisk: 0.05,
  minimumEffect: 0.02,
  leastBlocks: 8,
  leastBlock: 24,
  draws: 2000,
  costs: defaultCosts,
  positions: defaultRules,
}

/**
 * Measures two models against each other: after-fee log growth of following each verdict, and log loss, both paired row
 * by row. The level for growth is corrected for every trial judged during this champion's reign (Bonferroni), so that a
 * champion which is never beaten is dethroned by chance with probability `risk` at most, however many weeks go by.
 */
export function weigh(contest: Contest, rules: GateRules = gateRules): PromotionEvidence {
  const { against, bars, rows, seed, runTrials, earlierTrials } = contest
  const block = Math.max(rules.leastBlock, contest.reach)
  const trials = runTrials + earlierTrials
  // Growth has one value less than the stretch has bars.
  const rowsNeeded = rules.leastBlocks * block + 1
  const common = { block, draws: rules.draws, seed }
  const about = {
    against,
    rows: rows.length,
    rowsNeeded,
    firstOpenTime: bars.openTime[rows[0] ?? -1] ?? null,
    lastOpenTime: bars.openTime[rows.at(-1) ?? -1] ?? null,
    ...common,
    runTrials,
    trials,
    costBps: rules.costs.feeBps + rules.costs.slippageBps,
    barsPerYear: barsPerYear(bars.widthMs),
  }
  if (rows.length < rowsNeeded) return { ...about, afterFeeReturn: null, logLoss: null }
  const growth = ({ verdicts }: ForwardAnswers): Float64Array => growthOver(contest, verdicts, rules)
  const loss = ({ probabilities }: ForwardAnswers): Float64Array => logLosses(probabilities, contest.target)
  const level = 1 - rules.risk / trials
  const afterFeeReturn = differenceInterval(growth(contest.challenger), growth(contest.champion), {
    ...common,
    level,
    scale: about.barsPerYear,
  })
  // Losses are better when lower: champion and challenger change places, and stand in their own again.
  const gained = differenceInterval(loss(contest.champion), loss(contest.challenger), {
    ...common,
    level: 1 - rules.lossRisk,
  })
  return {
    ...about,
    afterFeeReturn: { ...afterFeeReturn, minimumEffect: rules.minimumEffect },
    logLoss: { ...gained, challenger: gained.champion, champion: gained.challenger },
  }
}

/** The gate's word on a challenger of the champion of the same series. */
export function judge(evidence: PromotionEvidence): Pick<PromotionDecision, 'promoted' | 'reason' | 'evidence'> {
  const reason = reasonOf(evidence)
  return { promoted: reason === 'better', reason, evidence }
}

function reasonOf(evidence: PromotionEvidence): PromotionReason {
  if (evidence.afterFeeReturn === null) return 'too-few-rows'
  if (passes(evidence)) return 'better'
  return evidence.afterFeeReturn.lower > evidence.afterFeeReturn.minimumEffect ? 'worse-log-loss' : 'not-better'
}

/** Growth of each bar from the first forward row to the last; rows without an answer in between say hold. */
function growthOver({ bars, rows }: Contest, verdicts: ArrayLike<number>, rules: GateRules): Float64Array {
  const [first, end] = [rows[0]!, rows.at(-1)! + 1]
  const followed = new Int8Array(end - first)
  rows.forEach((row, i) => (followed[row - first] = verdicts[i]!))
  const { widthMs, openTime, open, close } = bars
  const stretch = {
    widthMs,
    openTime: openTime.subarray(first, end),
    open: open.subarray(first, end),
    close: close.subarray(first, end),
  }
  return followedGrowth(stretch, followed, { rules: rules.positions, costs: rules.costs })
}
