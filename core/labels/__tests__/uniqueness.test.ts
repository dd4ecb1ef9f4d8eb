import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { labeler, labelStatistics, overlapOf } from '../index.ts'
import { randomBars, seriesOfBars } from './bars.ts'

/** Labels of any reach, some of them not complete. */
const labels = fc
  .array(fc.record({ look: fc.nat({ max: 12 }), complete: fc.boolean() }), { minLength: 1, maxLength: 60 })
  .map((rows) => ({
    reach: Int32Array.from(rows, ({ look }, t) => Math.min(rows.length - 1, t + look)),
    complete: Uint8Array.from(rows, ({ complete }) => (complete ? 1 : 0)),
  }))

test('uniqueness is that of its definition, computed label by label and bar by bar', () => {
  fc.assert(
    fc.property(labels, ({ reach, complete }) => {
      const { uniqueness, concurrency } = overlapOf({ reach, complete })
      const slow = slowOverlap(reach, complete)
      expect(Array.from(concurrency)).toEqual(slow.concurrency)
      slow.uniqueness.forEach((share, t) => {
        expect(uniqueness[t]).toBeCloseTo(share, 10)
      })
    }),
  )
})

test('uniqueness lies in (0, 1], and times bars it sums to the bars that any label looks at', () => {
  fc.assert(
    fc.property(labels, ({ reach, complete }) => {
      const { uniqueness, concurrency } = overlapOf({ reach, complete })
      let sum = 0
      uniqueness.forEach((share, t) => {
        if (complete[t] === 1) expect(share > 0 && share <= 1).toBe(true)
        else expect(share).toBe(0)
        sum += share * (reach[t]! - t)
      })
      expect(sum).toBeCloseTo(concurrency.filter((count) => count > 0).length, 9)
    }),
  )
})

test('labels on either side of a gap do not make each other less unique', () => {
  const bars = randomBars(3, 400)
  const label = labeler('triple-barrier', { volatilitySpan: 10 })
  const whole = label.label(seriesOfBars(bars, { gapsBefore: [200] }))
  const parts = [bars.slice(0, 200), bars.slice(200)].map((part) => label.label(seriesOfBars(part)))
  expect(Array.from(whole.target)).toEqual(parts.flatMap((part) => Array.from(part.target)))
  parts.forEach((part, i) => {
    part.weight.forEach((weight, t) => {
      expect(whole.weight[i * 200 + t]).toBeCloseTo(weight, 10)
    })
  })
})

test('weights are the uniqueness of labels unless they are told to be equal', () => {
  const series = seriesOfBars(randomBars(4, 500))
  const labelled = labeler('triple-barrier').label(series)
  const { uniqueness } = overlapOf(labelled)
  labelled.weight.forEach((weight, t) => {
    expect(weight).toBe(labelled.complete[t] === 1 ? uniqueness[t] : 1)
  })
  const equal = labeler('triple-barrier', { weights: 0 })
  expect(equal.weighs).toBe(false)
  expect(equal.label(series).weight.every((weight) => weight === 1)).toBe(true)
})

test('statistics count classes, bars, exits and how much labels overlap', () => {
  const statistics = labelStatistics({
    target: Int8Array.of(1, -1, 0, 1, 0),
    reach: Int32Array.of(2, 2, 4, 4, 4),
    complete: Uint8Array.of(1, 1, 1, 0, 0),
    weight: new Float64Array(5).fill(1),
    maxReach: 2,
    exits: { long: Uint8Array.of(1, 2, 3, 0, 0), short: Uint8Array.of(2, 1, 2, 0, 0) },
  })
  // Bars 1 and 2 are looked at by row 0, bar 2 by row 1 too, bars 3 and 4 by row 2.
  expect(statistics).toMatchObject({ rows: 3, counts: { sell: 1, hold: 1, buy: 1 } })
  expect(statistics.meanBars).toBeCloseTo(5 / 3, 12)
  expect(statistics.effectiveRows).toBeCloseTo(0.75 + 0.5 + 1, 12)
  expect(statistics.averageUniqueness).toBeCloseTo(2.25 / 3, 12)
  expect(statistics.meanConcurrency).toBeCloseTo(5 / 4, 12)
  expect(statistics.exits?.long).toEqual({ 'take-profit': 1 / 3, 'stop-loss': 1 / 3, 'time-limit': 1 / 3 })
})

function slowOverlap(reach: Int32Array, complete: Uint8Array) {
  const rows = Array.from(reach.keys())
  const looksAt = (label: number, bar: number) => complete[label] === 1 && bar > label && bar <= reach[label]!
  const concurrency = rows.map((bar) => rows.filter((label) => looksAt(label, bar)).length)
  const uniqueness = rows.map((label) => {
    if (complete[label] === 0) return 0
    const bars = rows.filter((bar) => looksAt(label, bar))
    return bars.length === 0 ? 1 : bars.reduce((sum, bar) => sum + 1 / concurrency[bar]!, 0) / bars.length
  })
  return { concurrency, uniqueness }
}
