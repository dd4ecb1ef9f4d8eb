import { describe, expect, test } from '@jest/globals'
import { Random } from '#core/random'
import { shapeOf, sortinoOf } from '../returns.ts'
import { barReturns, followTargets, noCosts, performanceOf, randomTargets, sharpeOf } from '../index.ts'
import { barsOf, walk } from './bars.ts'

describe('what a path was worth, by hand', () => {
  // Long from 100 to 120 (a gain), flat for a bar, long from 120 to 90 (a loss).
  const bars = barsOf([
    [100, 100],
    [100, 110],
    [120, 120],
    [120, 100],
    [90, 95],
  ])
  const measured = performanceOf(bars, followTargets(bars, [1, 0, 1, 0, 0], noCosts))

  test('return, drawdown, trades, exposure and turnover', () => {
    expect(measured).toMatchObject({ bars: 5, trades: 2, hitRate: 0.5, exposure: 0.4, longestDrawdown: 2 })
    expect(measured.totalReturn).toBeCloseTo(1.2 * 0.75 - 1, 12)
    expect(measured.maxDrawdown).toBeCloseTo(0.25, 12)
    const years = 16 / (365.25 * 24)
    expect(measured.cagr).toBeCloseTo(0.9 ** (1 / years) - 1, 12)
    expect(measured.turnover * years).toBeCloseTo(1 + 1 + 1 + 1, 12)
  })

  test('Sharpe and Sortino are annualised by the width of a bar', () => {
    const returns = [0.1, 1.2 / 1.1 - 1, 100 / 120 - 1, 90 / 100 - 1]
    const mean = returns.reduce((sum, r) => sum + r, 0) / 4
    const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / 3
    const downside = Math.sqrt(((1 / 6) ** 2 + 0.1 ** 2) / 4)
    const perYear = Math.sqrt(365.25 * 6)
    expect(measured.sharpe).toBeCloseTo((mean / Math.sqrt(variance)) * perYear, 10)
    expect(measured.sortino).toBeCloseTo((mean / downside) * perYear, 10)
  })

  test('never trading is worth nothing, at no risk', () => {
    const flat = performanceOf(bars, followTargets(bars, [0, 0, 0, 0, 0], noCosts))
    expect(flat).toMatchObject({ totalReturn: 0, cagr: 0, sharpe: 0, sortino: 0, maxDrawdown: 0, hitRate: null })
  })
})

test('skewness and kurtosis are those of the moments', () => {
  const shape = shapeOf(Float64Array.of(0, 0, 0, 1))
  // p = 1/4: skewness (1 - 2p) / sqrt(pq), kurtosis 3 + (1 - 6pq) / (pq).
  expect(shape.skewness).toBeCloseTo(0.5 / Math.sqrt(3 / 16), 12)
  expect(shape.kurtosis).toBeCloseTo(3 + (1 - 18 / 16) / (3 / 16), 12)
  expect(sharpeOf([0.1, 0.1, 0.1])).toBe(0)
  expect(sortinoOf(Float64Array.of(0.1, 0.2))).toBe(0)
})

test('a random policy is in the market as long as the one it stands beside, and trades as often', () => {
  const targets = Float64Array.from(
    { length: 300 },
    (_, t) => [0, 0, 1, 1, 1, 0, -1, -1, 0, 0.5][Math.floor(t / 3) % 10]!,
  )
  const turns = (values: Float64Array) => values.filter((value, t) => t > 0 && value !== values[t - 1]).length
  const sorted = (values: Float64Array) => [...values].sort((a, b) => a - b)
  const seen = new Set<string>()
  for (let draw = 0; draw < 20; draw++) {
    const drawn = randomTargets(targets, Random.of('random policy', draw))
    expect(sorted(drawn)).toEqual(sorted(targets))
    expect(Math.abs(turns(drawn) - turns(targets))).toBeLessThanOrEqual(20)
    seen.add(drawn.join())
  }
  expect(seen.size).toBe(20)
  expect(randomTargets(targets, Random.of('a', 1))).toEqual(randomTargets(targets, Random.of('a', 1)))
})

test('returns of a path are those of its equity', () => {
  const { equity } = followTargets(walk(50, 3), new Float64Array(50).fill(1), noCosts)
  expect(barReturns(equity).reduce((value, r) => value * (1 + r), 1)).toBeCloseTo(equity[49]!, 12)
})
