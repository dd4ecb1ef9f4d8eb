import { expect, test } from '@jest/globals'
import { rsiKernel } from '../reference/rsi.ts'

/** Values of the kernel after candles whose bodies, in cents, follow on each other from a price of 100. */
function rsiOf(bodies: readonly number[]): Map<string, number> {
  const state = rsiKernel.start()
  const out = new Float64Array(rsiKernel.columns.length)
  let cents = 10_000
  for (const body of bodies) {
    const [open, close] = [cents / 100, (cents + body) / 100]
    const [high, low] = [Math.max(open, close), Math.min(open, close)]
    state.step({ openTime: 0, open, high, low, close, volume: 1 }, out, 0)
    cents += body
  }
  return new Map(rsiKernel.columns.map((name, i) => [name, out[i]!]))
}

test('a ratio exactly on a threshold in decimals does not pass it by a rounding', () => {
  // Rises of 196 cents and falls of 49: 80 exactly, 80.0000000000001 in doubles.
  const bodies = [7, 48, 11, 42, 3, 29, 56, -42, -7]
  expect(rsiOf(bodies).get('RSI9')).toBeGreaterThan(80)
  expect(rsiOf(bodies).get('RSI9_up_80')).toBe(0)
  expect(rsiOf([8, ...bodies.slice(1)]).get('RSI9_up_80')).toBe(1)
})

test('a run counts rows of its flag and ends with it', () => {
  const rises = [1, 1, 1, 1]
  expect(rsiOf(rises).get('RSI9_up_70_perman')).toBe(4)
  expect(rsiOf([...rises, -9]).get('RSI9_up_70_perman')).toBe(0)
})

test('without falls the RSI is 100, without any body it is undefined and raises no flag', () => {
  expect(rsiOf([1]).get('RSI27')).toBe(100)
  const still = rsiOf([0])
  expect(still.get('RSI27')).toBeNaN()
  expect([...still].filter(([name]) => /_/.test(name)).map(([, value]) => value)).not.toContain(1)
})
