import type { ScoreCard } from '#core/registry'

/** A decision between two models, for people and machines. */
export interface Comparison {
  readonly promote: boolean
  readonly reason: {
    readonly rule: 'lift-on-held-out-tail'
    readonly challengerLift: number
    readonly championLift: number
    readonly difference: number
  }
}

/**
 * Whether a challenger replaces the champion: when its lift over the naive number on the held-out tail is strictly
 * higher. Both cards must be scored on the same rows, which neither model was trained, selected or searched on; then
 * the naive number is the same and the rule compares the areas themselves. It knows no uncertainty: a difference of any
 * size promotes.
 */
export function betterOnHeldOut(challenger: ScoreCard, champion: ScoreCard): Comparison {
  const difference = challenger.lift - champion.lift
  return {
    promote: difference > 0,
    reason: {
      rule: 'lift-on-held-out-tail',
      challengerLift: challenger.lift,
      championLift: champion.lift,
      difference,
    },
  }
}
