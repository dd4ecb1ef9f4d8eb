import { expect, test } from '@jest/globals'
import { betterOnHeldOut } from '../index.ts'

test('a challenger is promoted only when its lift on the held-out tail is higher', () => {
  expect(betterOnHeldOut(card(0.05), card(0.03))).toMatchObject({ promote: true, reason: { championLift: 0.03 } })
  expect(betterOnHeldOut(card(0.03), card(0.03)).promote).toBe(false)
  expect(betterOnHeldOut(card(-0.01), card(0.03)).promote).toBe(false)
})

function card(lift: number) {
  const naive = 0.78
  return {
    rows: 300,
    rocAucOvrWeighted: naive + lift,
    f1Weighted: 0.5,
    logLoss: 1,
    naiveRocAucOvrWeighted: naive,
    lift,
  }
}
