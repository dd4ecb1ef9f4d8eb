import { expect, test } from '@jest/globals'
import { chooseColumns, cutRanking, rankColumns } from '../index.ts'

test('columns are ranked by importance, ties in canonical order', () => {
  expect(rankColumns([0, 0.2, 0, -0.1, 0.2])).toEqual([1, 4, 0, 2, 3])
})

test('as many columns are kept as were noised when the model fell below random', () => {
  expect(cutRanking(side(5, [0.6, 0.5, 0.4, 0.29, 0.2, 0.2]))).toEqual({ kept: 3, case: 'below-random' })
})

test('a model never below random keeps every column', () => {
  expect(cutRanking(side(3, [0.6, 0.5, 0.4, 0.31]))).toEqual({ kept: 3, case: 'never-below-random' })
})

test('a model below random before any noise keeps every column rather than one', () => {
  const case_ = 'no-better-than-random-untouched'
  expect(cutRanking(side(3, [0.29, 0.4, 0.3, 0.1]))).toEqual({ kept: 3, case: case_ })
})

test('more than a hundred columns are cut again at a threshold five per cent higher', () => {
  const falling = Array.from({ length: 121 }, (_, k) => 0.4 - k * 0.001)
  expect(cutRanking(side(120, falling))).toEqual({ kept: 86, case: 'below-random-and-margin' })
  const flat = Array.from({ length: 121 }, () => 0.31)
  expect(cutRanking(side(120, flat))).toEqual({ kept: 120, case: 'never-below-random' })
})

test('columns of both sides are joined in canonical order, and the case is told', () => {
  const up = side(4, [0.6, 0.5, 0.2, 0.2, 0.2], [3, 1, 0, 2])
  const down = side(4, [0.6, 0.2, 0.2, 0.2, 0.2], [2, 3, 1, 0])
  const full = side(4, [0.6, 0.5, 0.5, 0.5, 0.5])
  expect(chooseColumns(up, down, 4)).toEqual({
    columns: [1, 2, 3],
    case: 'the union of both sides is used (up 2 of 4, below-random; down 1 of 4, below-random)',
    up: { kept: 2, case: 'below-random' },
    down: { kept: 1, case: 'below-random' },
  })
  expect(chooseColumns(full, down, 4).columns).toEqual([2])
  expect(chooseColumns(up, full, 4).columns).toEqual([1, 3])
  expect(chooseColumns(full, full, 4).columns).toEqual([0, 1, 2, 3])
})

/** A ranking at three positives in ten. */
function side(columns: number, curve: number[], order = Array.from({ length: columns }, (_, column) => column)) {
  return { order, curve, positiveShare: 0.3 }
}
