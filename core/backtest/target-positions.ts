/** How verdicts become positions. */
export interface PositionRules {
  /** Sell means short; otherwise it means out of the market. */
  readonly short: boolean
  /** What hold means: keep the position there is, or leave the market. */
  readonly onHold: 'keep' | 'flat'
  /**
   * `full` puts all equity in; `probability` puts in |P(buy) - P(sell)| of it, settled when the position is entered: a
   * position that followed every flicker of a probability would trade on every bar.
   */
  readonly sizing: 'full' | 'probability'
}

export const defaultRules: PositionRules = { short: false, onHold: 'keep', sizing: 'full' }

/**
 * The position wanted from each row's close on: a share of equity in [-1, 1]. `verdict` holds -1, 0, 1;
 * `probabilities` (rows x 3) is read by sizing `probability` only. Entry t depends on rows up to t.
 */
export function targetPositions(
  verdict: ArrayLike<number>,
  rules: PositionRules,
  probabilities?: ArrayLike<number>,
): Float64Array {
  const targets = new Float64Array(verdict.length)
  let held = 0
  for (let t = 0; t < targets.length; t++) {
    const wanted = directionOf(verdict[t]!, Math.sign(held), rules)
    if (wanted !== Math.sign(held)) held = wanted * sizeAt(t, rules, probabilities)
    targets[t] = held
  }
  return targets
}

/** -1 short, 0 flat, 1 long after a verdict, given the direction before. */
export function directionOf(verdict: number, before: number, { short, onHold }: PositionRules): number {
  if (verdict > 0) return 1
  if (verdict < 0) return short ? -1 : 0
  return onHold === 'keep' ? before : 0
}

function sizeAt(t: number, { sizing }: PositionRules, probabilities: ArrayLike<number> | undefined): number {
  if (sizing === 'full' || probabilities === undefined) return 1
  return Math.abs(probabilities[t * 3 + 2]! - probabilities[t * 3]!)
}
