import { followedGrowth, gateRules, judge, weigh, type GateRules } from '#core/winner'
import { barsPerWeek, market, model, reach, stretchOf, type Answers, type Market } from './market.ts'

/** A world in which a pipeline trains a challenger every week. */
export interface World {
  readonly weeks: number
  /** Rows of the held-out tail: 1,275 are 15 % of the 8,504 bars of BTC/USDT 4h. */
  readonly tailRows: number
  /** Trials of each week's search. */
  readonly trials: number
  /** Correlation of the challengers' scores with the move ahead; champions have none until a challenger wins. */
  readonly skill: number
  /** `blind` as bullpen does it; `peeking` sends the best of all trials on the very forward rows to the gate. */
  readonly picked: 'blind' | 'peeking'
  readonly rules: GateRules
}

export const world: World = {
  weeks: 200,
  tailRows: 1275,
  trials: 24,
  skill: 0,
  picked: 'blind',
  rules: gateRules,
}

/** Weeks (from 0) in which the champion was replaced; with skill it ends at the first. */
export function promotions(seed: number, changes: Partial<World> = {}): number[] {
  const settings = { ...world, ...changes }
  const { weeks, tailRows, trials, rules, skill } = settings
  const whole = market(tailRows + weeks * barsPerWeek, seed)
  const { length } = whole.target
  let champion = { answers: model(whole, { skill: 0, from: 0, to: length }, seed, 'first'), from: 0 }
  let judged = 0
  const promoted: number[] = []
  for (let week = 0; week < weeks; week++) {
    const [from, to] = [week * barsPerWeek, week * barsPerWeek + tailRows]
    const tail = stretchOf(whole, from, to)
    const trial = bestTrial(settings, whole, { seed, week, from, to })
    const evidence = weigh(
      {
        ...contestOn(tail),
        challenger: model(whole, { skill, from, to }, seed, week, trial),
        champion: partOf(champion.answers, from - champion.from, to - champion.from),
        runTrials: trials,
        earlierTrials: judged,
        seed: week,
      },
      rules,
    )
    judged += trials
    if (!judge(evidence).promoted) continue
    promoted.push(week)
    if (skill !== 0) return promoted
    judged = 0
    champion = { answers: model(whole, { skill, from, to: length }, seed, week, trial), from }
  }
  return promoted
}

/** Everything a contest on a stretch of the market needs but the two models. */
export function contestOn({ bars, target }: Market) {
  return { against: 'champion', bars, rows: Uint32Array.from(target, (_, row) => row), target, reach } as const
}

interface Week {
  readonly seed: number
  readonly week: number
  readonly from: number
  readonly to: number
}

/** The trial that becomes the challenger: the first, or who peeks the one that earns most on the forward rows. */
function bestTrial({ trials, skill, picked, rules }: World, whole: Market, { seed, week, from, to }: Week): number {
  if (picked === 'blind') return 0
  const { bars } = stretchOf(whole, from, to)
  const growth = Array.from({ length: trials }, (_, trial) => {
    const { verdicts } = model(whole, { skill, from, to }, seed, week, trial)
    return followedGrowth(bars, verdicts, { rules: rules.positions, costs: rules.costs }).reduce((a, b) => a + b, 0)
  })
  return growth.indexOf(Math.max(...growth))
}

function partOf({ verdicts, probabilities }: Answers, from: number, to: number): Answers {
  return { verdicts: verdicts.subarray(from, to), probabilities: probabilities.subarray(from * 3, to * 3) }
}
