import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { metricTable } from '../metrics.ts'

test('docs/operations.md lists exactly the metrics there are, with their labels and meaning', () => {
  const rows = readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(bullpen_[^`]+)` +\| gauge \| (.+?) +\|$/gm)
  const documented = [...rows].map(([, metric, meaning]) => [metric, meaning])
  const actual = metricTable.map(([name, meaning, labels]) => {
    const braces = labels.length === 0 ? '' : `{${labels.join(',')}}`
    return [name + braces, meaning]
  })
  expect(documented).toEqual(actual)
})
