import { expect, test } from '@jest/globals'
import { labeler } from '#core/labels'
import { computeFeatures } from '../compute-features.ts'
import { featureSet } from '../feature-sets.ts'
import { goldenTables, readCandles, readFeatures } from './golden-tables.ts'
import { seriesOf } from './series.ts'

const wholeNumbers = /cross$|_perman$|_(up|dw)_\d\d$/

test.each(goldenTables)('the reference features equal the golden table ($name)', (golden) => {
  const table = computeFeatures(seriesOf(readCandles(golden)), featureSet('reference'))
  const { columns, rows } = readFeatures(golden)
  expect([...table.columns, 'target_new', 'ROWNUM', 'ROW_NUM']).toEqual(columns)
  const wrong: string[] = []
  for (const row of rows) {
    const t = row.get('ROW_NUM')!
    for (const name of table.columns) {
      const expected = row.get(name)!
      const actual = table.column(name)[t]!
      const tolerance = wholeNumbers.test(name) ? 0 : 1e-9 * Math.abs(expected) + 1e-10
      const equal = Number.isNaN(expected) ? Number.isNaN(actual) : Math.abs(actual - expected) <= tolerance
      if (!equal) wrong.push(`${name}[${t}] is ${actual}, golden ${expected}`)
    }
  }
  expect(rows.length).toBeGreaterThan(300)
  expect(wrong).toEqual([])
})

test.each(goldenTables)('the swing label equals the golden target_new ($name)', (golden) => {
  const { target } = labeler('swing').label(seriesOf(readCandles(golden)))
  const { rows } = readFeatures(golden)
  const wrong = rows.filter((row) => target[row.get('ROW_NUM')!] !== row.get('target_new'))
  expect(wrong.map((row) => row.get('ROW_NUM'))).toEqual([])
})
