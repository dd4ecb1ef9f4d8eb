import { expect, test } from '@jest/globals'
import { betterOnHeldOut, rankByLift } from '../index.ts'

test('a challenger is promoted only when its lift on the held-out tail is higher', () => {
  expect(betterOnHeldOut(card(0.05), card(0.03))).toMatchObject({ promote: true, reason: { championLift: 0.03 } })
  expect(betterOnHeldOut(card(0.03), card(0.03)).promote).toBe(false)
  expect(betterOnHeldOut(card(-0.01), card(0.03)).promote).toBe(false)
})

test('candidates are ranked by lift, then by log loss', () => {
  const candidates = [card(0.01), card(0.02, 0.9), card(0.02, 0.8)].map((scores) => ({ scores }))
  expect(rankByLift(candidates)).toEqual([candidates[2], candidates[1], candidates[0]])
})

function card(lift: number, logLoss = 1) {
  const naive = 0.78
  return { rows: 300, rocAucOvrWeighted: naive + lift, f1Weighted: 0.5, logLoss, naiveRocAucOvrWeighted: naive, lift }
}
