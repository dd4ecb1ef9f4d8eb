import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { actedRows, choosePolicy, never, type JudgedRows } from '#core/calibration'
import { Random } from '#core/random'

/** A model whose probability of buy (or sell) beyond `edge` foretells a return of 1 %, and else a loss of 1 %. */
function judged(rows: number, edge: number, seed: number): JudgedRows {
  const random = Random.of(seed, 'judged')
  const probabilities = new Float64Array(rows * 3)
  const returns = { long: new Float64Array(rows), short: new Float64Array(rows) }
  const target = new Int8Array(rows)
  for (let i = 0; i < rows; i++) {
    const acting = random.uniform()
    const [sell, buy] = random.uniform() < 0.5 ? [acting, 0] : [0, acting]
    probabilities.set([sell, 1 - acting, buy], i * 3)
    returns.long[i] = buy >= edge ? 0.01 : -0.01
    returns.short[i] = sell >= edge ? 0.01 : -0.01
    target[i] = buy >= edge ? 1 : sell >= edge ? -1 : 0
  }
  return { probabilities, returns, target }
}

const wish = { coverage: 0.8, bars: 3 } as const

test('the threshold lands where acting begins to pay', () => {
  const policy = choosePolicy(judged(4000, 0.7, 1), { kind: 'expected-value', ...wish })
  expect(policy).toMatchObject({ kind: 'thresholds' })
  const { buy, sell } = policy as { buy: number; sell: number }
  expect(buy).toBeCloseTo(0.7, 1)
  expect(sell).toBeCloseTo(0.7, 1)
})

test('where nothing pays after fees, neither side ever acts', () => {
  const policy = choosePolicy(judged(2000, 2, 2), { kind: 'expected-value', ...wish })
  expect(policy).toEqual({ kind: 'thresholds', buy: never, sell: never })
})

test('a handful of lucky rows opens no side', () => {
  const rows = judged(2000, 0.99, 3)
  const { buy } = actedRows(rows, { kind: 'thresholds', buy: 0.99, sell: never })
  expect(buy.rows).toBeGreaterThan(0)
  expect(buy.rows).toBeLessThan(30)
  expect(choosePolicy(rows, { kind: 'expected-value', ...wish })).toMatchObject({ buy: never, sell: never })
})

test('a conformal policy acts on no more rows than its thresholds alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0.5, 0.7, 0.9), (seed, coverage) => {
      const rows = judged(600, 0.6, seed)
      const policy = choosePolicy(rows, { kind: 'conformal', coverage, bars: 3 })
      if (policy.kind !== 'conformal') throw new Error('not conformal')
      const bare = actedRows(rows, { kind: 'thresholds', buy: policy.buy, sell: policy.sell })
      const acted = actedRows(rows, policy)
      expect(acted.buy.rows).toBeLessThanOrEqual(bare.buy.rows)
      expect(acted.sell.rows).toBeLessThanOrEqual(bare.sell.rows)
    }),
    { numRuns: 20 },
  )
})

test('rows whose return is unknown are not counted', () => {
  const rows = judged(200, 0.5, 4)
  const all = actedRows(rows, { kind: 'argmax' }).buy.rows
  rows.returns.long.fill(NaN, 0, 100)
  expect(actedRows(rows, { kind: 'argmax' }).buy.rows).toBeLessThan(all)
})
