import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { defaultCosts, followTargets, targetPositions, type Bars } from '#core/backtest'
import { checkDecision } from '#core/registry'
import { Random } from '#core/random'
import { followedGrowth, gateRules, judge, weigh, type Contest, type ForwardAnswers } from '../index.ts'

const widthMs = 14_400_000
const rules = { ...gateRules, draws: 200 }

function barsOf(rows: number, seed: number): Bars {
  const random = Random.of(seed, 'bars')
  const open = new Float64Array(rows)
  const close = new Float64Array(rows)
  let price = 100
  for (let t = 0; t < rows; t++) {
    open[t] = price
    price *= Math.exp(0.01 * random.normal())
    close[t] = price
  }
  return { widthMs, openTime: Float64Array.from(open, (_, t) => t * widthMs), open, close }
}

/** Verdicts that know the next bar with probability `share`, and probabilities that are as sure as told. */
function answers({ open, close }: Bars, share: number, sure: number, seed: number): ForwardAnswers {
  const random = Random.of(seed, 'answers')
  const verdicts = new Int8Array(open.length)
  const probabilities = new Float64Array(open.length * 3)
  for (let t = 0; t < verdicts.length; t++) {
    const up = (close[t + 1] ?? 0) > (open[t + 1] ?? 0) ? 1 : -1
    verdicts[t] = random.uniform() < share ? up : -up
    const [buy, sell] = verdicts[t] === 1 ? [sure, 0.8 - sure] : [0.8 - sure, sure]
    probabilities.set([sell, 0.2, buy], t * 3)
  }
  return { verdicts, probabilities }
}

function contest(
  rows: number,
  challenger: ForwardAnswers,
  champion: ForwardAnswers,
  changes: Partial<Contest> = {},
): Contest {
  const bars = barsOf(rows, 1)
  const target = Int8Array.from(bars.open, (_, t) => ((bars.close[t + 1] ?? 0) > (bars.open[t + 1] ?? 0) ? 1 : -1))
  const all = Uint32Array.from(target, (_, row) => row)
  const trials = { runTrials: 20, earlierTrials: 0 }
  return {
    against: 'champion',
    bars,
    rows: all,
    target,
    challenger,
    champion,
    reach: 6,
    seed: 7,
    ...trials,
    ...changes,
  }
}

const bars = barsOf(1000, 1)
const blind = answers(bars, 0.5, 0.41, 1)

test('a challenger that knows more is promoted, with the numbers that say so', () => {
  const evidence = weigh(contest(1000, answers(bars, 0.75, 0.6, 2), blind), rules)
  expect(judge(evidence)).toEqual({ promoted: true, reason: 'better', evidence })
  const { afterFeeReturn, logLoss } = evidence
  expect(afterFeeReturn!.lower).toBeGreaterThan(0.02)
  expect(afterFeeReturn!.difference).toBeCloseTo(afterFeeReturn!.challenger - afterFeeReturn!.champion, 9)
  expect(logLoss!.difference).toBeCloseTo(logLoss!.champion - logLoss!.challenger, 12)
  expect(logLoss!.difference).toBeGreaterThan(0)
  expect(() => {
    checkDecision({ alias: 'champion', champion: 1, text: 'x', ...judge(evidence) })
  }).not.toThrow()
})

test('the same model again is not better', () => {
  const evidence = weigh(contest(1000, blind, blind), rules)
  expect(judge(evidence)).toMatchObject({ promoted: false, reason: 'not-better' })
  expect(evidence.afterFeeReturn).toMatchObject({ difference: 0, lower: 0, upper: 0 })
})

test('one that earns more and is far too sure of itself is refused for its log loss', () => {
  const sure = answers(bars, 0.75, 0.799999, 2)
  expect(judge(weigh(contest(1000, sure, blind), rules))).toMatchObject({ promoted: false, reason: 'worse-log-loss' })
})

test('with too few rows nothing is measured, and it says how many are needed', () => {
  const evidence = weigh(contest(192, answers(bars, 0.9, 0.6, 2), blind), rules)
  expect(evidence).toMatchObject({ rows: 192, rowsNeeded: 193, afterFeeReturn: null, logLoss: null })
  expect(judge(evidence)).toMatchObject({ promoted: false, reason: 'too-few-rows' })
  expect(weigh(contest(193, blind, blind), rules).afterFeeReturn).not.toBeNull()
  expect(weigh(contest(1000, blind, blind, { reach: 100 }), rules)).toMatchObject({ block: 100, rowsNeeded: 801 })
  expect(weigh(contest(0, blind, blind), rules)).toMatchObject({ rows: 0, firstOpenTime: null, lastOpenTime: null })
})

test('every trial judged against the champion before raises the bar', () => {
  const middling = answers(bars, 0.62, 0.45, 2)
  const lower = [0, 20, 2000].map(
    (earlierTrials) => weigh(contest(1000, middling, blind, { earlierTrials }), rules).afterFeeReturn!.lower,
  )
  expect(lower).toEqual([...lower].sort((a, b) => b - a))
  expect(new Set(lower).size).toBe(3)
  const evidence = weigh(contest(1000, middling, blind, { earlierTrials: 80 }), rules)
  expect(evidence.trials).toBe(100)
  expect(evidence.afterFeeReturn!.level).toBeCloseTo(1 - 0.05 / 100, 12)
})

test('the same contest gives the same numbers, another seed others', () => {
  const one = contest(600, answers(bars, 0.6, 0.5, 2), blind)
  expect(weigh(one, rules)).toEqual(weigh(one, rules))
  expect(weigh({ ...one, seed: 8 }, rules).afterFeeReturn).not.toEqual(weigh(one, rules).afterFeeReturn)
})

test('rows between forward rows say hold, and only forward rows count for log loss', () => {
  const rows = Uint32Array.from({ length: 800 }, (_, i) => (i < 400 ? i : i + 100))
  const every = answers(bars, 0.7, 0.5, 2)
  const some = {
    verdicts: Array.from(rows, (row) => every.verdicts[row]!),
    probabilities: probabilitiesAt(every, rows),
  }
  const whole = contest(1000, every, blind)
  const held = Int8Array.from({ length: 900 }, (_, row) => (row < 400 || row >= 500 ? every.verdicts[row]! : 0))
  const target = Int8Array.from(rows, (row) => whole.target[row]!)
  const evidence = weigh({ ...whole, rows, target, challenger: some, champion: some }, rules)
  const stretch = { ...whole.bars, openTime: whole.bars.openTime.slice(0, 900) }
  const growth = followedGrowth(stretch, held, { rules: rules.positions, costs: rules.costs })
  const mean = growth.reduce((sum, value) => sum + value, 0) / growth.length
  expect(evidence.rows).toBe(800)
  expect(evidence.afterFeeReturn!.challenger).toBeCloseTo(mean * evidence.barsPerYear, 9)
})

function probabilitiesAt({ probabilities }: ForwardAnswers, rows: Uint32Array): number[] {
  return Array.from(rows).flatMap((row) => [0, 1, 2].map((c) => probabilities[row * 3 + c]!))
}

test('growth adds up to what the ledger of the backtest ends with', () => {
  const verdict = fc.constantFrom(-1, 0, 1)
  fc.assert(
    fc.property(
      fc.array(verdict, { minLength: 2, maxLength: 200 }),
      fc.nat(1000),
      fc.boolean(),
      (verdicts, seed, short) => {
        const path = barsOf(verdicts.length, seed)
        const positions = { ...rules.positions, short }
        const growth = followedGrowth(path, verdicts, { rules: positions, costs: defaultCosts })
        const { equity } = followTargets(path, targetPositions(verdicts, positions), defaultCosts)
        const total = growth.reduce((sum, value) => sum + value, 0)
        expect(Math.exp(total)).toBeCloseTo(equity.at(-1)! / equity[0]!, 9)
      },
    ),
    { numRuns: 100, seed: 5 },
  )
})

test('a purchase held to the end pays fee and slippage on both sides, entering at the next open', () => {
  const path = {
    widthMs,
    openTime: Float64Array.of(0, widthMs, 2 * widthMs),
    open: Float64Array.of(100, 110, 121),
    close: Float64Array.of(110, 121, 133.1),
  }
  const costs = { feeBps: 10, slippageBps: 0, shortFundingBps: 0, longFundingBps: 0 }
  const growth = followedGrowth(path, [1, 1, 1], { rules: rules.positions, costs })
  expect(growth[0]! + growth[1]!).toBeCloseTo(Math.log((133.1 / 110 / 1.001) * 0.999), 12)
})
