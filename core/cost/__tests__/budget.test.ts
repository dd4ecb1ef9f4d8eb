import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  judgingSeconds,
  latenessSeconds,
  mayAsk,
  mayBegin,
  runSecondsLeft,
  SearchPace,
  trialSlack,
  type SearchForecast,
  type Spending,
} from '../index.ts'

interface Plan {
  readonly budget: number
  readonly perHour: number
  readonly teardown: number
  readonly before: number
  /** Trials that run at a time. */
  readonly lanes: number
  /** How long each trial takes, and judging, as one number each that `Durations` reads. */
  readonly trials: readonly number[]
  readonly judging: number
}

interface Durations {
  trial(plan: Plan, trial: number, forecast: SearchForecast): number
  judging(plan: Plan, forecast: SearchForecast): number
}

/** Whatever the plan says, in seconds. */
const any: Durations = { trial: ({ trials }, i) => trials[i]! * 3000, judging: ({ judging }) => judging * 5000 }

/** Up to what the rule counts on. */
const asForecast: Durations = {
  trial: ({ trials }, i, { longestTrialSeconds }) => trials[i]! * trialSlack * longestTrialSeconds,
  judging: ({ judging }, forecast) => judging * judgingSeconds(forecast),
}

/** A run as the rule lets it go on; the order to stop is carried out `late` seconds after it was due. */
function play(plan: Plan, durations: Durations, late: number) {
  const { budget, perHour, teardown: teardownSeconds, before, trials, lanes } = plan
  const spendingAt = (now: number): Spending => ({ budget, perHour, teardownSeconds, spent: (now / 3600) * perHour })
  const bill = (end: number): number => ((end + teardownSeconds) / 3600) * perHour
  if (!mayBegin(spendingAt(0), 0)) return { spent: 0, asked: 0, isStopped: true }
  const limit = runSecondsLeft(spendingAt(0))
  const pace = new SearchPace(before)
  const running: { readonly trial: number; readonly end: number; readonly took: number }[] = []
  let [now, asked] = [before, 0]
  for (;;) {
    while (running.length < lanes && asked < trials.length && mayAsk(spendingAt(now), pace.forecast())) {
      const took = durations.trial(plan, asked, pace.forecast())
      pace.asked(asked)
      running.push({ trial: asked, end: now + took, took })
      asked++
    }
    running.sort((a, b) => a.end - b.end)
    const next = running.shift()
    if (!next) break
    now = next.end
    pace.ended(next.trial, next.took)
  }
  const end = now + (asked === 0 ? 0 : durations.judging(plan, pace.forecast()))
  return { spent: bill(Math.min(end, limit + late)), asked, isStopped: end > limit }
}

const upTo = (max: number) => fc.double({ min: 0, max, noNaN: true })
const plans: fc.Arbitrary<Plan> = fc.record({
  budget: fc.double({ min: 0.01, max: 50, noNaN: true }),
  perHour: fc.double({ min: 0.001, max: 100, noNaN: true }),
  teardown: upTo(600),
  before: upTo(600),
  lanes: fc.integer({ min: 1, max: 16 }),
  trials: fc.array(upTo(1), { maxLength: 40 }),
  judging: upTo(1),
})

describe('the budget rule', () => {
  test('never lets a run cost more than its budget, however long trials and judging take', () => {
    fc.assert(
      fc.property(plans, upTo(latenessSeconds), (plan, late) => {
        expect(play(plan, any, late).spent).toBeLessThanOrEqual(plan.budget * (1 + 1e-9))
      }),
      { numRuns: 500, seed: 11 },
    )
  })

  test('never stops a run that has begun to search before it has judged, as long as nothing exceeds its forecast', () => {
    let searched = 0
    fc.assert(
      fc.property(plans, (plan) => {
        const { asked, isStopped } = play(plan, asForecast, 0)
        if (asked === 0) return
        searched++
        expect(isStopped).toBe(false)
      }),
      { numRuns: 500, seed: 13 },
    )
    expect(searched).toBeGreaterThan(50)
  })

  test('asks every trial when money is no matter, and none when it is gone', () => {
    const free: Spending = { budget: 0, spent: 0, perHour: 0, teardownSeconds: 60 }
    expect(mayAsk(free, { longestTrialSeconds: 1e6, beforeSearchSeconds: 1e6 })).toBe(true)
    expect(runSecondsLeft({ ...free, spent: 1 })).toBe(-Infinity)
    expect(mayBegin({ ...free, budget: 1, spent: 0.99, perHour: 1 }, 0)).toBe(false)
  })
})

describe('the pace of a search', () => {
  const longest = (pace: SearchPace) => pace.forecast().longestTrialSeconds

  test('is guessed from the stages before, ten seconds at least, until a trial has ended', () => {
    expect([longest(new SearchPace(3)), longest(new SearchPace(30))]).toEqual([10, 30])
    const pace = new SearchPace(30)
    pace.asked(0)
    pace.ended(0, 4)
    expect(pace.forecast()).toEqual({ longestTrialSeconds: 4, beforeSearchSeconds: 30 })
  })

  test('is that of the longest trial, not of the newest', () => {
    const pace = new SearchPace(1)
    for (const [trial, seconds] of [40, 20].entries()) {
      pace.asked(trial)
      pace.ended(trial, seconds)
    }
    expect(longest(pace)).toBe(40)
  })

  test('counts trials under way as what was forecast when they were asked for', () => {
    const pace = new SearchPace(30)
    pace.asked(0)
    pace.asked(1)
    pace.ended(0, 2)
    expect(longest(pace)).toBe(30)
    pace.ended(1, 3)
    expect(longest(pace)).toBe(3)
  })
})
