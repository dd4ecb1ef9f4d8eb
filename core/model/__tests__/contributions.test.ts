import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Contributions, Forest, type TreeArrays } from '#core/model'

const columns = 4

/** A random tree of at most `depth` levels whose covers add up. */
const tree = (depth: number): fc.Arbitrary<TreeArrays> =>
  fc
    .array(
      fc.record({
        column: fc.nat(columns - 1),
        threshold: fc.integer({ min: -3, max: 3 }),
        grow: fc.boolean(),
        share: fc.integer({ min: 1, max: 9 }),
        leaf: fc.integer({ min: -8, max: 8 }),
      }),
      { minLength: 2 ** depth, maxLength: 2 ** depth },
    )
    .map((draws) => {
      const made = {
        group: 0,
        left: [] as number[],
        right: [] as number[],
        column: [] as number[],
        value: [] as number[],
        defaultLeft: [] as number[],
        gain: [] as number[],
        cover: [] as number[],
      }
      const grow = (level: number, cover: number): number => {
        const node = made.left.length
        const draw = draws[node % draws.length]!
        const isSplit = level < depth && (draw.grow || level === 0)
        made.left.push(-1)
        made.right.push(-1)
        made.column.push(draw.column)
        made.value.push(isSplit ? draw.threshold : draw.leaf / 4)
        made.defaultLeft.push(draw.share % 2)
        made.gain.push(0)
        made.cover.push(cover)
        if (isSplit) {
          made.left[node] = grow(level + 1, (cover * draw.share) / 10)
          made.right[node] = grow(level + 1, (cover * (10 - draw.share)) / 10)
        }
        return node
      }
      grow(0, 1000)
      return made
    })

const forestOf = (trees: readonly TreeArrays[]) =>
  new Forest({ objective: 'binary:logistic', columns, groups: 1, baseMargins: Float64Array.of(0.5), trees })
const values = fc.array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(NaN)), {
  minLength: columns,
  maxLength: columns,
})

/** The margin expected when only the columns of `known` are: what TreeSHAP shares out, by its definition. */
function expectedGiven(arrays: TreeArrays, row: readonly number[], known: number): number {
  const visit = (node: number): number => {
    const left = arrays.left[node]!
    const right = arrays.right[node]!
    if (left < 0) return Math.fround(arrays.value[node]!)
    const column = arrays.column[node]!
    if ((known >> column) & 1) {
      const value = row[column]!
      const goesLeft = Number.isNaN(value) ? Boolean(arrays.defaultLeft[node]) : value < arrays.value[node]!
      return visit(goesLeft ? left : right)
    }
    const cover = (child: number) => Math.fround(arrays.cover[child]!) / Math.fround(arrays.cover[node]!)
    return cover(left) * visit(left) + cover(right) * visit(right)
  }
  return visit(0)
}

/** Shapley values by their definition: every subset of columns. */
function shapley(trees: readonly TreeArrays[], row: readonly number[]): number[] {
  const given = (known: number) => trees.reduce((sum, one) => sum + expectedGiven(one, row, known), 0)
  const factorial = [1, 1, 2, 6, 24]
  return Array.from({ length: columns }, (_, column) => {
    let total = 0
    for (let known = 0; known < 1 << columns; known++) {
      if ((known >> column) & 1) continue
      const size = known.toString(2).replaceAll('0', '').length
      const weight = (factorial[size]! * factorial[columns - size - 1]!) / factorial[columns]!
      total += weight * (given(known | (1 << column)) - given(known))
    }
    return total
  })
}

test('contributions are the Shapley values of the definition, whatever the trees and the row', () => {
  fc.assert(
    fc.property(fc.array(tree(4), { minLength: 1, maxLength: 3 }), values, (trees, row) => {
      const forest = forestOf(trees)
      const matrix = { rows: 1, columns, data: Float32Array.from(row) }
      const shares = new Contributions(forest).ofRow(matrix, 0)
      shapley(trees, row).forEach((share, column) => {
        expect(shares[column]).toBeCloseTo(share, 5)
      })
      const sum = shares.reduce((total, share) => total + share, 0)
      expect(sum).toBeCloseTo(forest.margins(matrix)[0]!, 5)
    }),
  )
})

test('a row or width the model does not read is refused', () => {
  const contributions = new Contributions(forestOf([]))
  const matrix = { rows: 1, columns, data: new Float32Array(columns) }
  expect(() => contributions.ofRow(matrix, 1)).toThrow(expect.objectContaining({ code: 'MATRIX_MISMATCH' }))
  const wider = { rows: 1, columns: 5, data: new Float32Array(5) }
  expect(() => contributions.ofRow(wider, 0)).toThrow(expect.objectContaining({ code: 'MATRIX_MISMATCH' }))
})
