import type { LeakCheck } from '#core/registry'
import type { TrainingTable } from '#core/selection'
import type { Columns } from './check-causality.ts'

/**
 * What is trained on is what was examined: the table's first rows hold, bit for bit, the features computed from their
 * candles here and now. Otherwise the examination of the features would be that of something else.
 */
export function checkTable(table: Pick<TrainingTable, 'rows' | 'columns' | 'values'>, computed: Columns): LeakCheck {
  const rows = Math.min(table.rows, computed.rows)
  const different = table.columns.filter((column, c) => {
    const other = computed.columns.indexOf(column)
    if (other === -1) return true
    for (let row = 0; row < rows; row++) {
      if (!Object.is(table.values[c * table.rows + row], computed.values[other * computed.rows + row])) return true
    }
    return false
  })
  return {
    name: 'table-as-computed',
    passed: different.length === 0,
    summary:
      different.length === 0
        ? `${rows} rows of the training table hold the features of their candles, bit for bit`
        : `${different.length} columns of the training table are not the features of their candles, e.g. ${different[0]}`,
    figures: { rows, columns: table.columns.length, different: different.length },
  }
}
